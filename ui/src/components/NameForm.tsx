/** What a score or a segment is called and what it is for. */
import { Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { HostError } from '../ipc/bindings';
import { Dialog } from './Dialog';
import { DialogButtons } from './DialogButtons';
import { Trouble } from './Trouble';

type Props = {
  title: string;
  /** What the button says. */
  act: string;
  begun: { name: string; description: string };
  busy: boolean;
  error: HostError | null;
  onDone: (named: { name: string; description: string }) => void;
  onClose: () => void;
};

export function NameForm({ title, act, begun, busy, error, onDone, onClose }: Props) {
  const [name, setName] = useState(begun.name);
  const [description, setDescription] = useState(begun.description);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onDone({ name: name.trim(), description: description.trim() });
  };
  return (
    <Dialog opened onClose={onClose} title={title} size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {error && <Trouble error={error} />}
          <DialogButtons onCancel={onClose} busy={busy} disabled={!name.trim() && 'Enter a name'}>
            {act}
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
