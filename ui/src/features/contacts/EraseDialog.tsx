/** Erasing a person: asked once more, since nothing brings her back. */
import { Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ContactCard } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

type Props = { card: ContactCard; onClose: () => void; onErased: () => void };

export function EraseDialog({ card, onClose, onErased }: Props) {
  const erase = useDo('contacts.erase');
  const [typed, setTyped] = useState('');
  const name = card.name || 'erase';
  const fits = typed.trim().toLowerCase() === name.toLowerCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!fits) return;
    erase.mutate(
      { contact: card.guid },
      {
        onSuccess: () => {
          say('Erased here, in the history and in every backup.');
          onErased();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={`Erase ${card.name || 'the contact'} for good`} size={460}>
      <form onSubmit={submit}>
        <p>
          Fields, points, links, everything that was sent, and every backup lose this person. It cannot be
          undone. Records in Salesforce stay: delete them there.
        </p>
        <TextInput
          label={`Type ${name} to go on`}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {erase.error && <Trouble error={erase.error} />}
        <DialogButtons onCancel={onClose} destroys disabled={!fits} busy={erase.isPending}>
          Erase for good
        </DialogButtons>
      </form>
    </Modal>
  );
}
