/** The button that says what a run will do, and asks once more where people work with what it changes. */
import { Button, Modal, TextInput } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { count, counted } from '../../components/numbers';
import type { KeptPlan, ReplicationInfo } from '../../ipc/bindings';
import classes from './Plan.module.css';
import { plural } from './words';

type Props = {
  replication: ReplicationInfo;
  plan: KeptPlan;
  running: boolean;
  busy: boolean;
  onRun: () => void;
};

export function RunButton({ replication, plan: { counts }, running, busy, onRun }: Props) {
  const [asking, setAsking] = useState(false);
  const kind = replication.standing.org_kind;
  const due = counts.create + counts.update;
  const why = reason();
  const sentence = sentenceOf(replication, counts.create, counts.update);
  const start = () => (kind === 'practice' ? onRun() : setAsking(true));
  return (
    <>
      {why && <span className={classes.why}>{why}</span>}
      <Button
        leftSection={<IconPlayerPlay size={16} stroke={1.75} />}
        disabled={why !== null || busy}
        onClick={start}
        className={classes.run}
      >
        {due > 0 ? sentence : 'Run'}
      </Button>
      <Confirm
        replication={replication}
        sentence={sentence}
        opened={asking}
        onClose={() => setAsking(false)}
        onRun={() => {
          setAsking(false);
          onRun();
        }}
      />
    </>
  );

  function reason(): string | null {
    if (running) return 'A run is under way.';
    if (!replication.enabled) return 'It is paused.';
    if (counts.match_pending > 0)
      return `${counted(counts.match_pending, 'contact')} to be found in the org first.`;
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
  const words = `${doing.join(' and ')} ${create + update === 1 ? object.toLowerCase() : plural(object)} in ${connection}`;
  const kind =
    standing.org_kind === 'practice' || standing.org_kind === 'unknown' ? '' : ` (${standing.org_kind})`;
  return words.charAt(0).toUpperCase() + words.slice(1) + kind;
}

type ConfirmProps = {
  replication: ReplicationInfo;
  sentence: string;
  opened: boolean;
  onClose: () => void;
  onRun: () => void;
};

/** Asks once more; production by the connection's name. */
function Confirm({ replication: { connection, standing }, sentence, opened, onClose, onRun }: ConfirmProps) {
  const [typed, setTyped] = useState('');
  const byName = standing.org_kind !== 'sandbox';
  const fits = !byName || typed.trim().toLowerCase() === (connection ?? '').toLowerCase();
  return (
    <Modal opened={opened} onClose={onClose} title={`${sentence}?`} size={460}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) onRun();
        }}
      >
        <p>
          {byName
            ? 'This changes records that people work with. They can be deleted in Salesforce, but not taken back from here.'
            : 'This changes records in a sandbox.'}
        </p>
        {byName && (
          <TextInput
            label={`Type ${connection} to go on`}
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
            Run
          </Button>
        </div>
      </form>
    </Modal>
  );
}
