/** What it takes to sync consent, step by step, for those who use Leadferry for that alone. */
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Card } from '../../components/Card';
import type { ConsentSyncInfo } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Consents.module.css';

type Props = { hasPurposes: boolean; syncs: readonly ConsentSyncInfo[] };
type Step = { done: boolean; name: string; about: ReactNode };

export function SyncSteps({ hasPurposes, syncs }: Props) {
  const connections = useAsk('connections.list', {}).data ?? [];
  const steps: Step[] = [
    {
      done: connections.some((one) => one.org_id !== null),
      name: 'Connect Salesforce',
      about: (
        <>
          Any connection will do, including one that replications use. To add one, open{' '}
          <Link to="/connections">Connections</Link>.
        </>
      ),
    },
    {
      done: hasPurposes,
      name: 'Add purposes',
      about: 'Such as a newsletter. You can also sync opt-outs alone, without a purpose.',
    },
    {
      done: syncs.length > 0,
      name: 'Create a consent sync',
      about: 'One for leads, one for contacts, or both.',
    },
    {
      done: syncs.some((sync) => sync.mapped > 0),
      name: 'Choose fields',
      about:
        'A checkbox for each purpose and value, text or a picklist for each preference. Missing ones can be created.',
    },
    {
      done: syncs.some((sync) => sync.standing.last_run !== null),
      name: 'Check the plan and run',
      about: 'People without a record wait until Salesforce has one with their email.',
    },
  ];
  if (steps.every((step) => step.done)) return null;
  return (
    <Card title="Set up a consent sync">
      <ol className={classes.steps} aria-label="Steps">
        {steps.map(({ done, name, about }) => (
          <li key={name}>
            {done ? (
              <IconCircleCheck size={16} stroke={1.75} className={classes.stepDone} aria-label="Done" />
            ) : (
              <IconCircleDashed size={16} stroke={1.75} className={classes.stepOpen} aria-label="To do" />
            )}
            <span>
              <strong>{name}.</strong> {about}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
