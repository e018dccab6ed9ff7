/** Naming, copying and removing a segment, and adding an email list. */
import { Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { NameForm } from '../../components/NameForm';
import { count, counted } from '../../components/numbers';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import { shownDate } from '../../components/written';
import type { RuleTree, SegmentCard } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

export function NameSegment({ tree, onClose }: { tree: RuleTree; onClose: () => void }) {
  const navigate = useNavigate();
  const add = useDo('segments.add');
  return (
    <NameForm
      title="Save segment"
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
  const [name, setName] = useState(`${card.name}, ${shownDate(new Date().toISOString())}`);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    copy.mutate(
      { segment: card.name, name },
      { onSuccess: (made) => void navigate({ to: '/segments/$name', params: { name: made.name } }) },
    );
  };
  return (
    <Dialog opened onClose={onClose} title={`Copy ${card.name} with fixed members`} size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <p>The copy keeps the current members, whatever changes later.</p>
          <TextInput
            label="Name of the copy"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {copy.error && <Trouble error={copy.error} />}
          <DialogButtons onCancel={onClose} busy={copy.isPending} disabled={!name.trim() && 'Enter a name'}>
            Copy segment
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
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
      act="Remove segment"
      disabled={users.length > 0}
      busy={remove.isPending}
      error={remove.error}
      onRemove={() =>
        remove.mutate(
          { name },
          {
            onSuccess: () => {
              if (tree) offerUndo(`${name} removed.`, () => add.mutate({ name, description, tree }));
              void navigate({ to: '/segments' });
            },
          },
        )
      }
      onClose={onClose}
    >
      This removes its rules, {counted(card.members, 'membership')} and their history. The contacts stay.
      {users.length > 0 && ` It’s used by ${users.join(' and ')}. Change that first.`}
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
          say(
            `${made.name} has ${counted(made.emails, 'email')}. ${count(made.contacts)} of them belong to contacts.`,
          );
          onClose();
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title="Add an email list" size={520}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="List name"
            description="Emails are added to a list with this name if there is one."
            data-autofocus
            value={list}
            onChange={(event) => setList(event.currentTarget.value)}
          />
          <Textarea
            label="Emails"
            description="Separate addresses with commas, spaces or new lines."
            autosize
            minRows={8}
            maxRows={16}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {add.error && <Trouble error={add.error} />}
          <DialogButtons
            onCancel={onClose}
            busy={add.isPending}
            disabled={(!list.trim() && 'Enter a name') || (!text.trim() && 'Enter at least one email')}
          >
            Save list
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
