/** Changing a field of many contacts, deleting many, and making one contact of several. */
import { Radio, Select, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import { inWords, Trouble } from '../../components/Trouble';
import { written } from '../../components/written';
import type { ChosenContacts, ContactsChanged, HostError } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { isPlace } from './panel/FieldRow';
import { ValueInput } from './panel/ValueInput';

type EditProps = {
  chosen: ChosenContacts;
  count: number;
  onDone: (changed: ContactsChanged) => void;
  onClose: () => void;
};

export function EditDialog({ chosen, count, onDone, onClose }: EditProps) {
  const fields = (useAsk('contacts.fields', {}).data ?? []).filter((field) => field.writable);
  const edit = useDo('contacts.edit');
  const [name, setName] = useState<string | null>(null);
  const [value, setValue] = useState('');
  const field = fields.find((one) => one.name === name);
  const countries = useAsk('contacts.places', {}, { enabled: name === 'country' }).data ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name)
      edit.mutate({ ...chosen, fields: { [name]: value.trim() }, written: written() }, { onSuccess: onDone });
  };
  return (
    <Dialog opened onClose={onClose} title={`Edit ${counted(count, 'contact')}`} size={420}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Field"
            data-autofocus
            searchable
            data={fields.map((one) => ({ value: one.name, label: one.label }))}
            value={name}
            onChange={(next) => {
              setName(next);
              setValue('');
              edit.reset();
            }}
          />
          {field?.kind === 'yes_no' ? (
            <Select
              label="New value"
              error={edit.error?.field && inWords(edit.error)}
              data={[
                { value: 'yes', label: 'Yes' },
                { value: 'no', label: 'No' },
              ]}
              value={value || null}
              onChange={(next) => setValue(next ?? '')}
            />
          ) : (
            field && (
              <ValueInput
                field={field}
                label="New value"
                description="Leave empty to clear the field"
                choices={isPlace(field) ? countries.map((place) => place.name) : null}
                error={edit.error?.field && inWords(edit.error)}
                value={value}
                onChange={setValue}
              />
            )
          )}
          {edit.error && !edit.error.field && <Trouble error={edit.error} />}
          <DialogButtons onCancel={onClose} disabled={!name && 'Choose a field'} busy={edit.isPending}>
            Edit {counted(count, 'contact')}
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}

type DeleteProps = {
  count: number;
  busy: boolean;
  error: HostError | null;
  onDelete: () => void;
  onClose: () => void;
};

export function DeleteDialog({ count, busy, error, onDelete, onClose }: DeleteProps) {
  const contacts = counted(count, 'contact');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDelete();
  };
  return (
    <Dialog opened onClose={onClose} title={`Delete ${contacts}?`} size={420}>
      <form onSubmit={submit}>
        <p>You can undo this for 30 days in Recent changes. Records in Salesforce stay.</p>
        {error && <Trouble error={error} />}
        <DialogButtons onCancel={onClose} destroys busy={busy}>
          Delete {contacts}
        </DialogButtons>
      </form>
    </Dialog>
  );
}

type MergeProps = {
  chosen: ChosenContacts;
  count: number;
  onDone: (acts: number[]) => void;
  onClose: () => void;
};

/** Returns who is chosen, one by one; nobody until that is known. */
function useGuids(chosen: ChosenContacts, count: number): string[] {
  const isNamed = 'contacts' in chosen;
  const filter = isNamed ? {} : chosen.filter;
  const limit = isNamed ? 0 : count + chosen.except.length;
  const listed = useAsk('contacts.guids', { filter, columns: [], from: 0, limit }, { enabled: !isNamed });
  if (isNamed) return chosen.contacts;
  return (listed.data ?? []).filter((guid) => !chosen.except.includes(guid));
}

export function MergeDialog({ chosen, count, onDone, onClose }: MergeProps) {
  const contacts = useGuids(chosen, count);
  const merge = useDo('contacts.merge');
  const [picked, setPicked] = useState<string | null>(null);
  const survivor = picked ?? contacts[0] ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    merge.mutate(
      { survivor, others: contacts.filter((guid) => guid !== survivor) },
      { onSuccess: ({ acts }) => onDone(acts) },
    );
  };
  return (
    <Dialog opened onClose={onClose} title={`Merge ${counted(count, 'contact')}`} size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Radio.Group
            label="Contact to keep"
            description="Its empty fields are filled from the other contacts, in this order."
            value={survivor}
            onChange={setPicked}
          >
            <Stack gap="xs" mt="xs">
              {contacts.map((guid) => (
                <Candidate key={guid} guid={guid} />
              ))}
            </Stack>
          </Radio.Group>
          {merge.error && <Trouble error={merge.error} />}
          <DialogButtons
            onCancel={onClose}
            busy={merge.isPending}
            disabled={contacts.length < 2 && 'Select at least two contacts'}
          >
            Merge {counted(count, 'contact')}
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}

function Candidate({ guid }: { guid: string }) {
  const card = useAsk('contacts.show', { contact: guid }).data;
  const email = card?.fields.email;
  const words = [card?.name, typeof email === 'string' && email !== card?.name ? email : null];
  return <Radio value={guid} label={card ? words.filter(Boolean).join(', ') : '…'} />;
}
