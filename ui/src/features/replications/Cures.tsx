/** Why one contact is held up, who it may be instead, and the buttons against it. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { Candidate, Cure, QueueLine } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Cures.module.css';

type Props = {
  replication: string;
  contact: string;
  code: string | null;
  /** Why, as the plan says it. */
  message: string | null;
};

export function Cures({ replication, contact, code, message }: Props) {
  const queue = useAsk('queue.list', { filter: { replication }, limit: 500 });
  const line = queue.data?.entries.find((entry) => entry.contact === contact);
  if (queue.isError) return <Trouble error={queue.error} retry={() => void queue.refetch()} />;
  // Who waits again has no cause in the queue until the next run; the plan's own words are shown.
  if (!line?.label) {
    return (
      <p className={classes.block}>
        {message && sentence(message)} {code && <span className="mono">{code}</span>}
      </p>
    );
  }
  return <EntryCures line={line} />;
}

export function EntryCures({ line }: { line: QueueLine }) {
  const act = useCures(line.replication);
  return (
    <div className={classes.block}>
      <p className={classes.cause}>
        <strong>{line.label}</strong> {line.code && <span className="mono">{line.code}</span>}
      </p>
      {line.message && <p className="selectable">{sentence(line.message)}</p>}
      {line.candidates.length > 0 && (
        <ul className={classes.candidates} aria-label="Who it may be">
          {line.candidates.map((candidate) => (
            <li key={candidate.record ?? candidate.contact}>
              <span>
                {candidate.name ?? 'Without a name'}{' '}
                <span className={classes.quiet}>
                  {candidate.object ?? 'contact here'}
                  {candidate.record ? ` ${candidate.record}` : ''}
                  {candidate.record && candidate.contact ? ', linked to another contact' : ''}
                </span>
              </span>
              {canLink(line.cures, candidate) && (
                <Button
                  size="xs"
                  variant="default"
                  loading={act.busy}
                  onClick={() => candidate.record && act.link(line.contact, candidate.record)}
                >
                  Link
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className={classes.buttons}>
        {line.cures.includes('create_anyway') && (
          <Button
            size="xs"
            variant="default"
            loading={act.busy}
            onClick={() => act.createAnyway(line.contact)}
          >
            Create a new record anyway
          </Button>
        )}
        {line.cures.includes('edit_contact') && (
          <Button size="xs" variant="default" onClick={() => act.edit(line.contact)}>
            Correct the contact
          </Button>
        )}
        {line.cures.includes('retry') && (
          <Button size="xs" variant="default" loading={act.busy} onClick={() => act.retryOne(line.contact)}>
            Try again with the next run
          </Button>
        )}
      </div>
      {act.error && <Trouble error={act.error} />}
    </div>
  );
}

function canLink(cures: readonly Cure[], candidate: Candidate): boolean {
  return cures.includes('link') && candidate.record !== null && candidate.contact === null;
}

/** Returns what can be done against a cause, as acts. */
export function useCures(replication: string) {
  const navigate = useNavigate();
  const retry = useDo('queue.retry');
  const link = useDo('links.set');
  const set = useDo('replications.set');
  const test = useDo('connections.test');
  const prepare = useDo('replications.prepare_org');
  const connection = useAsk('replications.show', { name: replication }).data?.connection ?? undefined;
  const again = (code?: string) =>
    retry.mutate(
      { replication, ...(code ? { code } : {}) },
      { onSuccess: ({ contacts }) => say(`${contacts} wait for the next run.`) },
    );
  return {
    busy: retry.isPending || link.isPending || set.isPending || test.isPending || prepare.isPending,
    error: retry.error ?? link.error ?? set.error ?? test.error ?? prepare.error,
    again,
    retryOne: (contact: string) =>
      retry.mutate({ replication, contact }, { onSuccess: () => say('It waits for the next run.') }),
    createAnyway: (contact: string) => retry.mutate({ replication, contact, create_anyway: true }),
    link: (contact: string, record: string) =>
      link.mutate(
        { contact, record_id: record, overwrite_identifier: false, ...(connection ? { connection } : {}) },
        { onSuccess: () => say('Linked. The next run updates that record.') },
      ),
    edit: (contact: string) => void navigate({ to: '/contacts', search: { open: contact } }),
    mapping: () =>
      void navigate({ to: '/replications/$name/$tab', params: { name: replication, tab: 'mapping' } }),
    allowDuplicates: (code: string) =>
      set.mutate(
        { name: replication, settings: { allow_duplicates: true } },
        { onSuccess: () => again(code) },
      ),
    recreate: (code: string) =>
      set.mutate({ name: replication, settings: { deleted: 'recreate' } }, { onSuccess: () => again(code) }),
    refresh: () => connection && test.mutate({ name: connection }),
    makeIdentifier: (code: string) =>
      prepare.mutate({ name: replication, check_only: false }, { onSuccess: () => again(code) }),
  };
}
