/** Naming, copying and removing a segment, and pasting a list of e-mails. */
import { Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { DialogButtons } from '../../components/DialogButtons';
import { NameForm } from '../../components/NameForm';
import { counted } from '../../components/numbers';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import type { RuleTree, SegmentCard } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

export function NameSegment({ tree, onClose }: { tree: RuleTree; onClose: () => void }) {
  const navigate = useNavigate();
  const add = useDo('segments.add');
  return (
    <NameForm
      title="Save the segment"
      act="Save"
      begun={{ name: '', description: '' }}
      busy={add.isPending}
      error={add.error}
      onDone={(named) =>
        add.mutate(
          { ...named, tree },
          { onSuccess: ({ name }) => void navigate({ to: '/segments/$name', params: { name } }) },
        )
      }
      onClose={onClose}
    />
  );
}

type Props = { card: SegmentCard; onClose: () => void };

export function RenameSegment({ card, onClose }: Props) {
  const navigate = useNavigate();
  const set = useDo('segments.set');
  return (
    <NameForm
      title={`Rename ${card.name}`}
      act="Save"
      begun={card}
      busy={set.isPending}
      error={set.error}
      onDone={(change) =>
        set.mutate(
          { segment: card.name, change },
          {
            onSuccess: ({ name }) => {
              onClose();
              void navigate({ to: '/segments/$name', params: { name } });
            },
          },
        )
      }
      onClose={onClose}
    />
  );
}

export function CopySegment({ card, onClose }: Props) {
  const navigate = useNavigate();
  const copy = useDo('segments.copy');
  const [name, setName] = useState(`${card.name}, ${new Date().toISOString().slice(0, 10)}`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    copy.mutate(
      { segment: card.name, name },
      { onSuccess: (made) => void navigate({ to: '/segments/$name', params: { name: made.name } }) },
    );
  };
  return (
    <Modal opened onClose={onClose} title={`Copy ${card.name} with fixed members`} size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <p>Those who are in it now stay in the copy, whatever changes.</p>
          <TextInput
            label="Name of the copy"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {copy.error && <Trouble error={copy.error} />}
          <DialogButtons onCancel={onClose} busy={copy.isPending} disabled={!name.trim()}>
            Copy
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

export function RemoveSegment({ card, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useDo('segments.remove');
  const add = useDo('segments.add');
  const { name, description, tree, users } = card;
  return (
    <RemoveDialog
      name={name}
      disabled={users.length > 0}
      busy={remove.isPending}
      error={remove.error}
      onRemove={() =>
        remove.mutate(
          { name },
          {
            onSuccess: () => {
              if (tree) offerUndo(`${name} was removed.`, () => add.mutate({ name, description, tree }));
              void navigate({ to: '/segments' });
            },
          },
        )
      }
      onClose={onClose}
    >
      Its rules, its {counted(card.members, 'member')} and their history are removed; the contacts stay.
      {users.length > 0 && ` ${users.join(' and ')} asks for it: change that first.`}
    </RemoveDialog>
  );
}

export function PasteEmails({ onClose }: { onClose: () => void }) {
  const add = useDo('segments.add_emails');
  const [list, setList] = useState('');
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { list, text },
      {
        onSuccess: (made) => {
          say(`${made.name} holds ${counted(made.emails, 'e-mail')}; ${made.contacts} of them are contacts.`);
          onClose();
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title="Paste a list of e-mails" size={520}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name of the list"
            description="An existing one gets these in addition."
            data-autofocus
            value={list}
            onChange={(event) => setList(event.currentTarget.value)}
          />
          <Textarea
            label="E-mails"
            description="Anything between the addresses separates them."
            autosize
            minRows={8}
            maxRows={16}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {add.error && <Trouble error={add.error} />}
          <DialogButtons onCancel={onClose} busy={add.isPending} disabled={!list.trim() || !text.trim()}>
            Keep the list
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}
