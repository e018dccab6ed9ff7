/** The button that says what a run will do, and asks once more where a run changes records that people work with. */
import { Button, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { disabledFor } from '../../components/disabled';
import { count, counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { KeptPlan, PlanCounts, ReplicationInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Plan.module.css';
import { FIRST } from './RunChecked';
import { plural } from './words';

type Props = {
  replication: ReplicationInfo;
  plan: KeptPlan;
  /** Contacts that a run which stopped has left, in place of what the plan says. */
  waiting: number;
  running: boolean;
  busy: boolean;
  onRun: (wish: Wish) => void;
};

export type Wish = {
  /** The connection's name as it was typed, where it was asked for. */
  confirm?: string;
  /** Sends as many contacts as the API calls suffice for. */
  as_far_as_possible?: boolean;
  /** Sends no more than so many contacts, and stops. */
  first?: number;
};

export function RunButton({ replication, plan, waiting, running, busy, onRun }: Props) {
  const { counts, budget } = plan;
  const [asked, setAsked] = useState<Wish | null>(null);
  const set = useDo('replications.set');
  const goesOn = waiting > 0;
  const short = budget !== null && counts.calls > budget.room;
  const wish: Wish = short ? { as_far_as_possible: true } : {};
  const kind = replication.standing.org_kind;
  const due = goesOn ? waiting : counts.create + counts.update;
  const why = reason();
  const sentence = goesOn
    ? `Send ${counted(waiting, 'waiting contact')} to ${placeOf(replication)}`
    : sentenceOf(replication, counts);
  const start = (wanted: Wish) => (kind === 'practice' ? onRun(wanted) : setAsked(wanted));
  if (!replication.enabled) {
    // A copy stays off until its plan was seen, which is what is seen here.
    return (
      <>
        <span className={classes.why}>This replication is disabled.</span>
        <Button
          loading={set.isPending}
          {...disabledFor(running && 'A run is in progress')}
          onClick={() => set.mutate({ name: replication.name, settings: { enabled: true } })}
        >
          Resume
        </Button>
        {set.error && <Trouble error={set.error} />}
      </>
    );
  }
  return (
    <>
      {why && <span className={classes.why}>{why}</span>}
      <Button
        leftSection={<IconPlayerPlay size={16} stroke={1.75} />}
        disabled={why !== null || busy}
        onClick={() => start(wish)}
        className={classes.run}
      >
        {short && due > 0 ? 'Send as many as possible' : due > 0 ? sentence : 'Run now'}
      </Button>
      {why === null && due > FIRST && (
        <Button variant="default" disabled={busy} onClick={() => start({ first: FIRST })}>
          Send the first {FIRST}
        </Button>
      )}
      <Confirm
        replication={replication}
        sentence={asked?.first === undefined ? sentence : `Send the first ${asked.first}`}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        onRun={(confirm) => {
          onRun({ ...asked, ...(confirm === undefined ? {} : { confirm }) });
          setAsked(null);
        }}
      />
    </>
  );

  function reason(): string | null {
    if (running) return 'A run is in progress.';
    if (counts.match_pending > 0 && !goesOn)
      return `${counted(counts.match_pending, 'contact')} not matched yet. Plan again first.`;
    if (due > 0 && short && budget.room === 0) return 'No API calls are available.';
    return due === 0 ? 'Nothing to send.' : null;
  }
}

/** Returns what the run would do, as the button says it. */
function sentenceOf(replication: ReplicationInfo, { create, update }: PlanCounts): string {
  const { object } = replication;
  const doing = [create > 0 && `create ${count(create)}`, update > 0 && `update ${count(update)}`].filter(
    Boolean,
  );
  const words = `${doing.join(' and ')} ${create + update === 1 ? object.toLowerCase() : plural(object)}`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} in ${placeOf(replication)}`;
}

/** Returns the org as it is named before something is sent there. */
function placeOf({ connection, standing: { org_kind: kind } }: ReplicationInfo): string {
  const name = visible(connection ?? '');
  return kind === 'production' || kind === 'sandbox' ? `${name} (${kind})` : name;
}

type ConfirmProps = {
  replication: ReplicationInfo;
  sentence: string;
  opened: boolean;
  onClose: () => void;
  onRun: (confirm?: string) => void;
};

/** Asks once more; production by the connection's name. */
function Confirm({ replication: { connection, standing }, sentence, opened, onClose, onRun }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const byName = standing.org_kind !== 'sandbox';
  const fits = !byName || typed.trim().toLowerCase() === (connection ?? '').toLowerCase();
  return (
    <Dialog opened={opened} onClose={onClose} title={`${sentence}?`} size={460}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) onRun(byName ? typed.trim() : undefined);
        }}
      >
        <p>
          {byName
            ? 'This changes live records. You can undo the run later, except for what others change until then.'
            : 'This changes records in a sandbox.'}
        </p>
        {byName && (
          <TextInput
            label={`Type ${visible(connection ?? '')} to continue`}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={byName ? 'red' : undefined} disabled={!fits}>
            Run now
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
