/** What can be done against a cause, as acts. */
import { useNavigate, useRouter } from '@tanstack/react-router';
import { counted } from '../../components/numbers';
import { say } from '../../components/undo';
import type { Linked } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';

/** A contact, and the record that it is. */
export type Match = { contact: string; record: string };

export type CureActs = ReturnType<typeof useCures>;

export function useCures(replication: string) {
  const navigate = useNavigate();
  const router = useRouter();
  const retry = useDo('queue.retry');
  const link = useDo('links.set');
  const set = useDo('replications.set');
  const test = useDo('connections.test');
  const prepare = useDo('replications.prepare_org');
  const shown = useAsk('replications.show', { name: replication }).data;
  const connection = shown?.connection ?? undefined;
  const again = (only: { code?: string; contacts?: string[]; create_anyway?: boolean }) =>
    retry.mutate(
      { replication, ...only },
      {
        onSuccess: ({ contacts }) =>
          say(
            only.create_anyway
              ? `The next run creates ${counted(contacts, 'new record')}.`
              : `The next run retries ${counted(contacts, 'contact')}.`,
          ),
      },
    );
  const linkOne = ({ contact, record }: Match) =>
    link.mutateAsync({
      contact,
      record_id: record,
      overwrite_identifier: false,
      ...(connection ? { connection } : {}),
    });
  return {
    busy: retry.isPending || link.isPending || set.isPending || test.isPending || prepare.isPending,
    error: retry.error ?? link.error ?? set.error ?? test.error ?? prepare.error,
    retryAll: (code: string) => again({ code }),
    retry: (contacts: string[]) => again({ contacts }),
    create: (contacts: string[]) => again({ contacts, create_anyway: true }),
    /** Links one after the other; the first that cannot be linked ends it, and is told of. */
    link: async (matches: readonly Match[]) => {
      const linked = [];
      try {
        for (const match of matches) linked.push(await linkOne(match));
      } catch {
        // Its error stands beside the buttons.
      }
      if (linked.length > 0) say(linkedWords(linked, shown?.object));
    },
    edit: (contact: string) =>
      void navigate({
        to: '/contacts',
        search: { open: contact, fix: replication, back: router.state.location.href },
      }),
    mapping: () =>
      void navigate({ to: '/replications/$name/$tab', params: { name: replication, tab: 'mapping' } }),
    allowDuplicates: (code: string) =>
      set.mutate(
        { name: replication, settings: { allow_duplicates: true } },
        { onSuccess: () => again({ code }) },
      ),
    recreate: (code: string) =>
      set.mutate(
        { name: replication, settings: { deleted: 'recreate' } },
        { onSuccess: () => again({ code }) },
      ),
    refresh: () => connection && test.mutate({ name: connection }),
    makeIdentifier: (code: string) =>
      prepare.mutate({ name: replication, check_only: false }, { onSuccess: () => again({ code }) }),
  };
}

function linkedWords(linked: readonly Linked[], object: string | undefined): string {
  const [first] = linked;
  const elsewhere = linked.filter((one) => one.object !== object);
  if (linked.length === 1 && first) {
    return elsewhere.length === 0
      ? 'Linked. The next run updates the record.'
      : `Linked. They’re a ${first.object} in Salesforce, so this replication leaves them out.`;
  }
  const words = `Linked ${counted(linked.length, 'contact')}.`;
  return elsewhere.length === 0
    ? `${words} The next run updates their records.`
    : `${words} This replication leaves out ${counted(elsewhere.length, 'contact')} linked to another kind of record.`;
}
