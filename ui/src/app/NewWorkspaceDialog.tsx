/** A new workspace: its name says it all; it is put among the user's documents. */
import { Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../components/Dialog';
import { DialogButtons } from '../components/DialogButtons';
import { Trouble } from '../components/Trouble';
import { useDo } from '../ipc/queries';
import { useSummoned } from './summons';

export function NewWorkspaceDialog() {
  const [opened, close] = useSummoned('new workspace');
  return (
    <Dialog opened={opened} onClose={close} title="New workspace" size={420}>
      {opened && <Form onClose={close} />}
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const create = useDo('workspaces.create');
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name: name.trim() },
      {
        onSuccess: () => {
          onClose();
          void navigate({ to: '/' });
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="Leadferry saves the file in your documents, or your home folder if there are none, and switches to it."
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {create.error && <Trouble error={create.error} />}
        <DialogButtons
          onCancel={onClose}
          busy={create.isPending}
          disabled={name.trim() === '' && 'Enter a name'}
        >
          Create workspace
        </DialogButtons>
      </Stack>
    </form>
  );
}
