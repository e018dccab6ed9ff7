/** Changing a field of many contacts, and making one contact of several. */
import { Modal, Radio, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import { useAsk, useDo } from '../../ipc/queries';

type EditProps = { contacts: string[]; onDone: (act: number) => void; onClose: () => void };

export function EditDialog({ contacts, onDone, onClose }: EditProps) {
  const fields = (useAsk('contacts.fields', {}).data ?? []).filter((field) => field.writable);
  const edit = useDo('contacts.edit');
  const [name, setName] = useState<string | null>(null);
  const [value, setValue] = useState('');
  const field = fields.find((one) => one.name === name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name) edit.mutate({ contacts, fields: { [name]: value.trim() } }, { onSuccess: onDone });
  };
  return (
    <Modal opened onClose={onClose} title={`Change ${counted(contacts.length, 'contact')}`} size={420}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Field"
            data-autofocus
            searchable
            data={fields.map((one) => ({ value: one.name, label: one.label }))}
            value={name}
            onChange={setName}
          />
          {field?.kind === 'yes_no' ? (
            <Select
              label="Becomes"
              data={[
                { value: 'yes', label: 'Yes' },
                { value: 'no', label: 'No' },
              ]}
              value={value || null}
              onChange={(next) => setValue(next ?? '')}
            />
          ) : (
            <TextInput
              label="Becomes"
              description="Empty removes what is there"
              type={field?.kind === 'date' ? 'date' : 'text'}
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
          )}
          {edit.error && <Trouble error={edit.error} />}
          <DialogButtons onCancel={onClose} disabled={!name} busy={edit.isPending}>
            Change {counted(contacts.length, 'contact')}
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

type MergeProps = { contacts: string[]; onDone: (acts: number[]) => void; onClose: () => void };

export function MergeDialog({ contacts, onDone, onClose }: MergeProps) {
  const merge = useDo('contacts.merge');
  const [survivor, setSurvivor] = useState(contacts[0] ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    merge.mutate(
      { survivor, others: contacts.filter((guid) => guid !== survivor) },
      { onSuccess: ({ acts }) => onDone(acts) },
    );
  };
  return (
    <Modal opened onClose={onClose} title={`Merge ${counted(contacts.length, 'contact')}`} size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Radio.Group
            label="The contact that stays"
            description="Its empty fields are filled from the others, in the order of the list."
            value={survivor}
            onChange={setSurvivor}
          >
            <Stack gap="xs" mt="xs">
              {contacts.map((guid) => (
                <Candidate key={guid} guid={guid} />
              ))}
            </Stack>
          </Radio.Group>
          {merge.error && <Trouble error={merge.error} />}
          <DialogButtons onCancel={onClose} busy={merge.isPending}>
            Merge
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

function Candidate({ guid }: { guid: string }) {
  const card = useAsk('contacts.show', { contact: guid }).data;
  const email = card?.fields.email;
  const words = [card?.name || 'Without a name', typeof email === 'string' ? email : null];
  return <Radio value={guid} label={card ? words.filter(Boolean).join(', ') : '…'} />;
}
