/** The activities of a contact, latest first; more can be added by hand. */
import { ActionIcon, Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { DateField } from '../../components/DateField';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { NumberField } from '../../components/NumberField';
import { counted } from '../../components/numbers';
import { PanelPart } from '../../components/Panel';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import { shownNumber, today } from '../../components/written';
import type { ActivityLine, ContactCard } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './ContactsScreen.module.css';

const PAGE = 10;

export function Activities({ card }: { card: ContactCard }) {
  const [shown, setShown] = useState(PAGE);
  const [adding, setAdding] = useState(false);
  const list = useAsk('activities.list', { contact: card.guid, limit: shown }, { keep: true });
  const remove = useDo('activities.remove');
  const add = useDo('activities.add');
  const activities = list.data?.activities ?? [];
  const takeOut = ({ id, kind, at, value, url, title, note }: ActivityLine) =>
    remove.mutate(
      { id },
      {
        onSuccess: () =>
          offerUndo(`${kind} removed.`, () =>
            add.mutate({
              contact: card.guid,
              kind,
              at,
              ...(value === null ? {} : { value }),
              ...(url ? { url } : {}),
              ...(title ? { title } : {}),
              ...(note ? { note } : {}),
            }),
          ),
      },
    );
  return (
    <PanelPart
      title="Activity"
      aside={
        <Button size="xs" variant="default" onClick={() => setAdding(true)}>
          Add activity
        </Button>
      }
    >
      {list.isError && <Trouble error={list.error} />}
      {list.data && activities.length === 0 && <p className={classes.quiet}>No activities yet.</p>}
      {activities.length > 0 && (
        <ul className={classes.why}>
          {activities.map((one) => (
            <li key={one.id}>
              <strong>{one.kind}</strong> <Ago at={one.at} />{' '}
              {one.value !== null && <span className="num">{shownNumber(String(one.value))}</span>}{' '}
              {one.title}{' '}
              <span className={classes.quiet}>{[one.url, one.note].filter(Boolean).join(', ')}</span>
              <ActionIcon size="xs" aria-label={`Remove ${one.kind}`} onClick={() => takeOut(one)}>
                <IconX size={12} stroke={1.75} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {(list.data?.total ?? 0) > activities.length && (
        <Button size="compact-xs" variant="default" onClick={() => setShown(shown + 4 * PAGE)}>
          Show{' '}
          {counted(
            Math.min(4 * PAGE, (list.data?.total ?? 0) - activities.length),
            'more activity',
            'more activities',
          )}
        </Button>
      )}
      {adding && <AddActivity contact={card.guid} onClose={() => setAdding(false)} />}
    </PanelPart>
  );
}

function AddActivity({ contact, onClose }: { contact: string; onClose: () => void }) {
  const types = useAsk('activities.types', {}).data ?? [];
  const add = useDo('activities.add');
  const [kind, setKind] = useState<string | null>(null);
  const [date, setDate] = useState('');
  const [time, setTime] = useState('');
  const [value, setValue] = useState<string | number>('');
  const [title, setTitle] = useState('');
  const [url, setUrl] = useState('');
  const [note, setNote] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      {
        contact,
        kind: kind ?? '',
        title,
        url,
        note,
        ...(date ? { at: new Date(`${date}T${time || '00:00'}`).getTime() } : {}),
        ...(value === '' ? {} : { value: Number(value) }),
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog opened onClose={onClose} title="Add activity" size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Type"
            description={types.length === 0 ? 'Add an activity type under Activities first.' : undefined}
            data-autofocus
            searchable
            data={types.map((type) => type.name)}
            value={kind}
            onChange={setKind}
          />
          <Group gap="sm" align="flex-start" grow>
            <DateField label="Date" description="Now, if empty" value={date} onChange={setDate} />
            <TextInput
              label="Time"
              description="Optional"
              type="time"
              value={time}
              onChange={(event) => {
                setTime(event.currentTarget.value);
                if (date === '') setDate(today());
              }}
            />
          </Group>
          <NumberField label="Value" value={value} onChange={setValue} />
          <TextInput label="Title" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
          <TextInput label="Web page" value={url} onChange={(event) => setUrl(event.currentTarget.value)} />
          <Textarea label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
          {add.error && <Trouble error={add.error} />}
          <DialogButtons onCancel={onClose} busy={add.isPending} disabled={!kind && 'Choose a type'}>
            Add activity
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
