/** Erasing a contact: confirmed by name, since it can't be undone; then what is left for the user to decide. */
import { TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ContactCard, ErasedInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { Erased, hasMoreToSay } from './Erased';

type Props = { card: ContactCard; onClose: () => void; onErased: () => void };

export function EraseDialog({ card, onClose, onErased }: Props) {
  const erase = useDo('contacts.erase');
  const [typed, setTyped] = useState('');
  const name = card.name || 'erase';
  const fits = typed.trim().toLowerCase() === name.toLowerCase();
  if (erase.data)
    return <Erased title={`${card.name || 'Contact'} erased`} erased={erase.data} onClose={onErased} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!fits) return;
    const onSuccess = (erased: ErasedInfo) => {
      if (hasMoreToSay(erased)) return;
      say('Contact erased from the workspace, its history and its backups.');
      onErased();
    };
    erase.mutate({ contact: card.guid }, { onSuccess });
  };
  return (
    <Dialog opened onClose={onClose} title={`Erase ${card.name || 'contact'}`} size={460}>
      <form onSubmit={submit}>
        <p>
          This removes the contact from the workspace, its history, its backups on this computer and the
          practice org. It can’t be undone.
        </p>
        <p>Records in Salesforce and files you exported or copied stay. Delete those yourself.</p>
        <TextInput
          label={`Type ${name} to confirm`}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {erase.error && <Trouble error={erase.error} />}
        <DialogButtons
          onCancel={onClose}
          destroys
          disabled={!fits && `Type ${name} to confirm`}
          busy={erase.isPending}
        >
          Erase contact
        </DialogButtons>
      </form>
    </Dialog>
  );
}
