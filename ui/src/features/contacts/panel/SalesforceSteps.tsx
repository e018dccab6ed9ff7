/** The first visit: three steps from a contact to a segment on Salesforce's data. */
import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './Panel.module.css';

type Props = {
  isLinked: boolean;
  isRead: boolean;
  onLink: () => void;
  onChoose: () => void;
  onDismiss: () => void;
};

export function SalesforceSteps({ isLinked, isRead, onLink, onChoose, onDismiss }: Props) {
  return (
    <section className={classes.stepsCard} aria-label="Salesforce data in three steps">
      <ol>
        <Step isDone={isLinked}>
          {isLinked ? (
            'Linked to a record'
          ) : (
            <Button size="compact-sm" variant="subtle" className={classes.stepButton} onClick={onLink}>
              Link the contact to a record…
            </Button>
          )}
        </Step>
        <Step isDone={false}>
          {isRead ? (
            <Button size="compact-sm" variant="subtle" className={classes.stepButton} onClick={onChoose}>
              Choose the fields to show
            </Button>
          ) : (
            <>
              <Link to="/pulls">Run a pull</Link>, then choose the fields to show
            </>
          )}
        </Step>
        <Step isDone={false}>
          <Link to="/new-segment">Use them in a segment</Link>
        </Step>
      </ol>
      <Button size="compact-sm" variant="subtle" className={classes.stepButton} onClick={onDismiss}>
        Hide steps
      </Button>
    </section>
  );
}

function Step({ isDone, children }: { isDone: boolean; children: ReactNode }) {
  return (
    <li>
      {isDone && <IconCheck size={14} stroke={1.75} className={classes.done} aria-label="Done" />}
      {isDone && ' '}
      {children}
    </li>
  );
}
