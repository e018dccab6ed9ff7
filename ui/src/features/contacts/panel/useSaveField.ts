/** Saves one field of a contact, and offers to take it back. */
import { useQueryClient } from '@tanstack/react-query';
import { offerUndo } from '../../../components/undo';
import { written } from '../../../components/written';
import type { ContactCard, ContactFieldInfo } from '../../../ipc/bindings';
import { useDo } from '../../../ipc/queries';

export function useSaveField({ guid, fields }: ContactCard, { name, label }: ContactFieldInfo) {
  const client = useQueryClient();
  const set = useDo('contacts.set');
  const undo = useDo('contacts.set');
  // What is there now, in the form that means the same everywhere.
  const was = fields[name] === undefined || fields[name] === null ? '' : String(fields[name]);
  const take = (card: ContactCard) => client.setQueryData(['contacts.show', { contact: guid }], card);
  return {
    error: set.error,
    busy: set.isPending,
    /** Forgets that the last try was refused. */
    forget: set.reset,
    save: (text: string, onSaved?: () => void) =>
      set.mutate(
        { contact: guid, fields: { [name]: text }, written: written() },
        {
          onSuccess: (card) => {
            take(card);
            onSaved?.();
            offerUndo(`${label} changed.`, () =>
              undo.mutate({ contact: guid, fields: { [name]: was } }, { onSuccess: take }),
            );
          },
        },
      ),
  };
}
