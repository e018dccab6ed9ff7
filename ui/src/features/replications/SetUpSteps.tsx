/** The way through the parts of a replication that has never run: where one is, and what comes next. */
import { Button } from '@mantine/core';
import classes from './Replications.module.css';

const steps = [
  { tab: 'who', name: 'Who' },
  { tab: 'segments', name: 'Segments' },
  { tab: 'mapping', name: 'Mapping' },
  { tab: 'settings', name: 'Schedule and alerts' },
  { tab: 'plan', name: 'Review' },
] as const;

export function SetUpSteps({ tab, onOpen }: { tab: string; onOpen: (tab: string) => void }) {
  const at = steps.findIndex((step) => step.tab === tab);
  if (at < 0) return null;
  const [before, next] = [steps[at - 1], steps[at + 1]];
  return (
    <nav aria-label="Setup" className={classes.setUp}>
      <span className={classes.quiet}>
        Step {at + 1} of {steps.length}: {steps[at]?.name}
      </span>
      {before && (
        <Button size="xs" variant="default" onClick={() => onOpen(before.tab)}>
          Back
        </Button>
      )}
      {next && (
        <Button size="xs" variant="default" onClick={() => onOpen(next.tab)}>
          Next: {next.name}
        </Button>
      )}
    </nav>
  );
}
