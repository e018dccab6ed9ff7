/** The way through the parts of a replication that has never run: where one is, what is missing, and what comes next. */
import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { disabledFor } from '../../components/disabled';
import { sentence } from '../../components/Trouble';
import type { Need, ReplicationInfo, SetUpPart } from '../../ipc/bindings';
import classes from './Replications.module.css';

const steps: readonly { part: SetUpPart; name: string }[] = [
  { part: 'connection', name: 'Sign in' },
  { part: 'details', name: 'Details and alerts' },
  { part: 'who', name: 'Contacts' },
  { part: 'segments', name: 'Segments' },
  { part: 'mapping', name: 'Mapping' },
  { part: 'schedule', name: 'Schedule' },
  { part: 'plan', name: 'Review' },
];

const partOf: Record<Need, SetUpPart> = {
  connection: 'connection',
  identifier: 'details',
  settings: 'details',
  company: 'details',
  contacts: 'who',
  mapping: 'mapping',
};

type Props = {
  replication: ReplicationInfo;
  tab: string;
  /** Something was changed in the open part and not saved. */
  isUnsaved: boolean;
  onOpen: (part: SetUpPart) => void;
};

export function SetUpSteps({ replication, tab, isUnsaved, onOpen }: Props) {
  const missing = replication.standing.needs.filter(({ done }) => !done);
  const at = steps.findIndex(({ part }) => part === tab);
  const [before, next] = at < 0 ? [] : [steps[at - 1], steps[at + 1]];
  const here = missing.filter(({ need }) => partOf[need] === tab);
  const why = isUnsaved && 'Save or discard your changes first';
  return (
    <nav aria-label="Setup" className={classes.setUp}>
      <ol className={classes.steps}>
        {steps.map(({ part, name }, index) => (
          <li key={part}>
            <button
              type="button"
              className={classes.step}
              aria-current={part === tab ? 'step' : undefined}
              onClick={() => onOpen(part)}
            >
              {missing.some(({ need }) => partOf[need] === part) ? (
                <IconCircleDashed size={14} stroke={1.75} className={classes.todo} aria-label="To do:" />
              ) : (
                part !== 'plan' && (
                  <IconCircleCheck size={14} stroke={1.75} className={classes.done} aria-label="Complete:" />
                )
              )}
              {index + 1}. {name}
            </button>
          </li>
        ))}
      </ol>
      <span className={classes.space} />
      {before && (
        <Button size="xs" variant="default" {...disabledFor(why)} onClick={() => onOpen(before.part)}>
          Back
        </Button>
      )}
      {next && (
        <Button size="xs" {...disabledFor(why)} onClick={() => onOpen(next.part)}>
          Next: {next.name}
        </Button>
      )}
      {here.length > 0 && tab !== 'plan' && (
        <p className={classes.missing} role="status">
          Still missing: {here.map(({ text }) => sentence(text)).join(' ')}
        </p>
      )}
    </nav>
  );
}

/** Tells whether the connection of a replication is signed in. */
export function isSignedIn({ standing }: ReplicationInfo): boolean {
  return standing.needs.some(({ need, done }) => need === 'connection' && done);
}

/** Returns where a setup was left, as “step 3 of 7”. */
export function stepWords(part: SetUpPart): string {
  const at = steps.findIndex((step) => step.part === part);
  return `step ${at + 1} of ${steps.length}, ${steps[at]?.name}`;
}
