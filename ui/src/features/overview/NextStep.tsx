/** The way from an empty workspace to the first run: what is done, and the one step that comes next. */
import { Anchor, Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Card } from '../../components/Card';
import { Trouble } from '../../components/Trouble';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './NextStep.module.css';

type Step = { title: string; what: string; done: boolean; label: string; act: () => void };

export function NextStep() {
  const navigate = useNavigate();
  const contacts = useAsk('contacts.count', {}).data;
  const connections = useAsk('connections.list', {}).data;
  const replications = useAsk('replications.list', {}).data;
  const runs = useAsk('runs.list', { limit: 1 }).data;
  const practice = useDo('workspaces.try_practice');
  if (contacts === undefined || !connections || !replications || !runs || runs.length > 0) return null;
  const first = replications[0]?.name;
  const steps: Step[] = [
    {
      title: 'Import your contacts',
      what: 'From a CSV, Excel or vCard file. Nothing is sent anywhere.',
      done: contacts > 0,
      label: 'Import contacts',
      act: () => void navigate({ to: '/contacts/import' }),
    },
    {
      title: 'Connect Salesforce',
      what: 'Sign in once. Leadferry reads the fields and writes nothing.',
      done: connections.length > 0,
      label: 'Connect Salesforce',
      act: () => void navigate({ to: '/connections/new' }),
    },
    {
      title: 'Create a replication',
      what: 'Choose which contacts to send, and map their fields.',
      done: first !== undefined,
      label: 'New replication',
      act: () => void navigate({ to: '/replications', search: { new: true } }),
    },
    {
      title: 'Plan and run',
      what: 'See every change before a run makes it.',
      done: false,
      label: 'Open plan',
      act: () =>
        first && void navigate({ to: '/replications/$name/$tab', params: { name: first, tab: 'plan' } }),
    },
  ];
  const next = steps.findIndex(({ done }) => !done);
  return (
    <Card title="Get started">
      {practice.error && <Trouble error={practice.error} />}
      <ol className={classes.steps}>
        {steps.map(({ title, what, done, label, act }, at) => (
          <li key={title} className={classes.step} aria-current={at === next ? 'step' : undefined}>
            <span className={done ? `${classes.mark} ${classes.done}` : classes.mark}>
              {done ? <IconCheck size={14} stroke={2} aria-label="Done" /> : at + 1}
            </span>
            <span className={classes.words}>
              <strong>{title}</strong>
              <span className={classes.quiet}>{what}</span>
            </span>
            {at === next && <Button onClick={act}>{label}</Button>}
          </li>
        ))}
      </ol>
      {contacts === 0 && connections.length === 0 && (
        <p className={classes.quiet}>
          Just looking?{' '}
          <Anchor
            component="button"
            type="button"
            disabled={practice.isPending}
            onClick={() =>
              practice.mutate(
                {},
                {
                  onSuccess: ({ replication: name }) =>
                    void navigate({ to: '/replications/$name/$tab', params: { name, tab: 'plan' } }),
                },
              )
            }
          >
            Add sample contacts and the practice org
          </Anchor>
        </p>
      )}
    </Card>
  );
}
