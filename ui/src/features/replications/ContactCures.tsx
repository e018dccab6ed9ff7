/** The cures of one contact's block, where the contact itself is in sight. */
import type { ContactQueueEntry } from '../../ipc/bindings';
import { EntryCures } from './Cures';

type Props = { entry: ContactQueueEntry; contact: string; onEdit: () => void };

export function ContactCures({ entry, contact, onEdit }: Props) {
  const { replication, label, cures, candidates, reason } = entry;
  const line = {
    replication,
    contact,
    label,
    code: reason?.code ?? null,
    message: reason?.message ?? null,
    candidates,
    cures: [...cures],
  };
  return <EntryCures line={line} onEdit={onEdit} bare />;
}
