/** Adds a contact by hand. */
import { Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { inWords, Trouble } from '../../components/Trouble';
import { written } from '../../components/written';
import { useDo } from '../../ipc/queries';

const asked = [
  ['first_name', 'First name'],
  ['last_name', 'Last name'],
  ['email', 'Email'],
  ['company_name', 'Company'],
] as const;

type Props = { onClose: () => void; onAdded: (guid: string) => void };

export function NewContact({ onClose, onAdded }: Props) {
  const add = useDo('contacts.add');
  const [typed, setTyped] = useState<Record<string, string>>({});
  const fields = Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== ''));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ fields, written: written() }, { onSuccess: (card) => onAdded(card.guid) });
  };
  return (
    <Dialog opened onClose={onClose} title="New contact" size={420}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {asked.map(([name, label], at) => (
            <TextInput
              key={name}
              label={label}
              data-autofocus={at === 0 || undefined}
              error={add.error?.field === name && inWords(add.error)}
              value={typed[name] ?? ''}
              onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
            />
          ))}
          {add.error && !add.error.field && <Trouble error={add.error} />}
          <DialogButtons
            onCancel={onClose}
            busy={add.isPending}
            disabled={Object.keys(fields).length === 0 && 'Fill in at least one field'}
          >
            Add contact
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
