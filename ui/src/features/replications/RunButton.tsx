/** The button that says what a run will do, and asks once more where a run changes records that people work with. */
import { Button, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { count, counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { KeptPlan, ReplicationInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Plan.module.css';
import { FIRST } from './RunChecked';
import { plural } from './words';

type Props = {
  replication: ReplicationInfo;
  plan: KeptPlan;
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

export function RunButton({ replication, plan: { counts, budget }, running, busy, onRun }: Props) {
  const [asked, setAsked] = useState<Wish | null>(null);
  const set = useDo('replications.set');
  const short = budget !== null && counts.calls > budget.room;
  const wish: Wish = short ? { as_far_as_possible: true } : {};
  const kind = replication.standing.org_kind;
  const due = counts.create + counts.update;
  const why = reason();
  const sentence = sentenceOf(replication, counts.create, counts.update);
  const start = (wanted: Wish) => (kind === 'practice' ? onRun(wanted) : setAsked(wanted));
  if (!replication.enabled) {
    // A copy stays off until its plan was seen, which is what is seen here.
    return (
      <>
        <span className={classes.why}>This replication is disabled.</span>
        <Button
          loading={set.isPending}
          disabled={running}
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
    if (counts.match_pending > 0)
      return `${counted(counts.match_pending, 'contact')} not matched yet. Plan again first.`;
    if (due > 0 && short && budget.room === 0) return 'No API calls are available.';
    return due === 0 ? 'Nothing to send.' : null;
  }
}

/** Returns what the run would do, as the button says it. */
function sentenceOf(
  { object, connection, standing }: ReplicationInfo,
  create: number,
  update: number,
): string {
  const doing = [create > 0 && `create ${count(create)}`, update > 0 && `update ${count(update)}`].filter(
    Boolean,
  );
  const words = `${doing.join(' and ')} ${create + update === 1 ? object.toLowerCase() : plural(object)} in ${visible(connection ?? '')}`;
  const kind =
    standing.org_kind === 'practice' || standing.org_kind === 'unknown' ? '' : ` (${standing.org_kind})`;
  return words.charAt(0).toUpperCase() + words.slice(1) + kind;
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
