/** Why one contact is blocked, who it may be instead, and the buttons against it. */
import { Button } from '@mantine/core';
import { AboutError } from '../../components/AboutError';
import { sentence, Trouble } from '../../components/Trouble';
import type { PlannedLine, QueueLine } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { Candidates } from './Candidates';
import { CreateAnyway } from './CreateAnyway';
import classes from './Cures.module.css';
import { useCures } from './useCures';

type Props = {
  replication: string;
  contact: string;
  code: string | null;
  /** Why, as the plan says it. */
  message: string | null;
  /** What the plan knows of it, which no run has told of yet. */
  planned?: PlannedLine;
};

export function Cures({ replication, contact, code, message, planned }: Props) {
  const queue = useAsk('queue.list', { filter: { replication, contact }, limit: 1 });
  const line = queue.data?.entries[0];
  if (queue.isError) return <Trouble error={queue.error} retry={() => void queue.refetch()} />;
  // A contact that waits again has no cause in the queue until the next run; the plan's own words are shown.
  if (!line?.label) {
    const waits = line?.state === 'pending' || line?.state === 'sending';
    if (planned && !waits) return <EntryCures line={{ ...planned, replication }} />;
    return (
      <p className={classes.block}>
        {message && sentence(message)} {code && <span className={`mono ${classes.quiet}`}>{code}</span>}
      </p>
    );
  }
  return <EntryCures line={line} />;
}

/** What is told of a blocked contact. */
export type HeldUp = Pick<
  QueueLine,
  'replication' | 'contact' | 'label' | 'code' | 'message' | 'candidates' | 'cures'
>;

type EntryProps = {
  line: HeldUp;
  /** Where the contact is in sight already; else its panel is opened. */
  onEdit?: () => void;
  /** Without an inset, where it stands in a panel among other things. */
  bare?: boolean;
};

export function EntryCures({ line, onEdit, bare }: EntryProps) {
  const acts = useCures(line.replication);
  const { cures, contact } = line;
  return (
    <div className={bare ? classes.bare : classes.block}>
      <p className={classes.cause}>
        <strong>{line.label}</strong>{' '}
        {line.code && (
          <>
            <span className={`mono ${classes.quiet}`}>{line.code}</span>{' '}
            <AboutError code={line.code} words={line.message ?? ''} />
          </>
        )}
      </p>
      {line.message && <p className="selectable">{sentence(line.message)}</p>}
      {line.candidates.length > 0 && <Candidates line={line} acts={acts} />}
      <div className={classes.buttons}>
        {cures.includes('create_anyway') && (
          <CreateAnyway lines={[line]} acts={acts} act="Create new record" />
        )}
        {cures.includes('edit_contact') && (
          <Button size="xs" variant="default" onClick={() => (onEdit ? onEdit() : acts.edit(contact))}>
            Edit contact
          </Button>
        )}
        {cures.includes('retry') && (
          <Button size="xs" variant="default" loading={acts.busy} onClick={() => acts.retry([contact])}>
            Retry at next run
          </Button>
        )}
      </div>
      {acts.error && <Trouble error={acts.error} />}
    </div>
  );
}
