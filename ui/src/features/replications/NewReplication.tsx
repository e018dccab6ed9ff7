/** The dialog that makes a replication: what the contacts become, where, and which of them are sent. */
import { Select, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { NumberField } from '../../components/NumberField';
import { counted } from '../../components/numbers';
import { RequiredNote } from '../../components/RequiredNote';
import { inWords, Trouble } from '../../components/Trouble';
import { useAskedObject } from '../../components/useAdding';
import { useAsk, useDo } from '../../ipc/queries';
import { isSignedIn } from './SetUpSteps';

/** Proposed, and changed by whoever writes something else. */
const NO_COMPANY = '[not provided]';
const DEFAULT_MINIMUM = 10;

export function NewReplication({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="New replication" size={460}>
      {opened && <Form onClose={onClose} />}
    </Dialog>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const add = useDo('replications.add');
  const keepAt = useDo('replications.set_up_at');
  const connections = useAsk('connections.list', {}).data ?? [];
  const only = connections.length === 1 ? (connections[0]?.name ?? null) : null;
  const [name, setName] = useState('');
  const [about, setAbout] = useState('');
  const [object, setObject] = useState<string>(useAskedObject());
  const [chosen, setChosen] = useState<string | null | undefined>(undefined);
  const connection = chosen === undefined ? only : chosen;
  const [company, setCompany] = useState(NO_COMPANY);
  const [who, setWho] = useState('');
  const [minimum, setMinimum] = useState<number | ''>(DEFAULT_MINIMUM);
  // A field says what it lacks once it was left, or the form was sent.
  const [left, setLeft] = useState<readonly string[]>([]);
  const isLead = object === 'Lead';
  const atCompany = add.error?.field === 'default_company' ? add.error : null;
  const missing = {
    name: !name.trim() && 'Enter a name.',
    minimum: who.startsWith(SCORE) && minimum === '' && 'Enter the minimum points.',
  };
  const said = (field: keyof typeof missing) => left.includes(field) && missing[field];
  const leave = (field: keyof typeof missing) => () => setLeft([...left, field]);
  const save = (event: FormEvent) => {
    event.preventDefault();
    setLeft(Object.keys(missing));
    if (Object.values(missing).some(Boolean)) return;
    const settings = {
      ...(connection ? { connection } : {}),
      ...(about.trim() ? { about: about.trim() } : {}),
      ...(isLead ? { default_company: company.trim() } : {}),
      ...selection(who, Number(minimum)),
    };
    add.mutate(
      { name: name.trim(), object, settings },
      {
        onSuccess: (made) => {
          onClose();
          const part = isSignedIn(made) ? 'details' : 'connection';
          keepAt.mutate({ name: made.name, part });
          void navigate({ to: '/replications/$name/$tab', params: { name: made.name, tab: part } });
        },
      },
    );
  };
  return (
    <form onSubmit={save} noValidate>
      <Stack gap="sm">
        <TextInput
          label="Name"
          withAsterisk
          data-autofocus
          error={said('name')}
          onBlur={leave('name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="Description"
          placeholder="What this replication is for"
          value={about}
          onChange={(event) => setAbout(event.currentTarget.value)}
        />
        <Select
          label="Send contacts as"
          withAsterisk
          data={[
            { value: 'Lead', label: 'Leads' },
            { value: 'Contact', label: 'Contacts' },
          ]}
          allowDeselect={false}
          value={object}
          onChange={(value) => value && setObject(value)}
        />
        {isLead && (
          <TextInput
            label="Default company"
            withAsterisk
            description="Contacts without a company get this."
            error={atCompany ? inWords(atCompany) : undefined}
            value={company}
            onChange={(event) => {
              add.reset();
              setCompany(event.currentTarget.value);
            }}
          />
        )}
        <Select
          label="Connection"
          description="You can choose it later and prepare the mapping offline."
          placeholder="No connection yet"
          clearable
          data={connections.map((one) => one.name)}
          value={connection}
          onChange={setChosen}
        />
        <Who value={who} onChange={setWho} />
        {who.startsWith(SCORE) && (
          <NumberField
            label="Minimum points"
            withAsterisk
            min={0}
            whole
            error={said('minimum')}
            onBlur={leave('minimum')}
            value={minimum}
            onChange={setMinimum}
          />
        )}
        <Selected who={who} minimum={minimum} />
        {add.error && !atCompany && <Trouble error={add.error} />}
        <RequiredNote />
        <DialogButtons onCancel={onClose} busy={add.isPending}>
          Create replication
        </DialogButtons>
      </Stack>
    </form>
  );
}

const SEGMENT = 'segment:';
const SCORE = 'score:';

function Who({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const segments = useAsk('segments.list', {}).data ?? [];
  const scores = useAsk('scores.list', {}).data ?? [];
  const group = (name: string, prefix: string, items: readonly { name: string }[]) =>
    items.length === 0
      ? []
      : [{ group: name, items: items.map((one) => ({ value: prefix + one.name, label: one.name })) }];
  return (
    <Select
      label="Contacts to send"
      description="You can combine segments and a score later, under Who."
      allowDeselect={false}
      data={[
        { value: '', label: 'All contacts' },
        ...group('In the segment', SEGMENT, segments),
        ...group('With enough points in the score', SCORE, scores),
      ]}
      value={value}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}

/** Counts the contacts that the choice stands for. */
function Selected({ who, minimum }: { who: string; minimum: number | '' }) {
  const any = who.startsWith(SEGMENT) ? [who.slice(SEGMENT.length)] : [];
  const points = who.startsWith(SCORE) ? { score: who.slice(SCORE.length), minimum: Number(minimum) } : {};
  const count = useAsk('replications.would_select', { any, ...points }, { keep: true });
  return <output>{count.data ? `${counted(count.data.selected, 'contact')} selected` : ''}</output>;
}

/** Returns the settings that the choice stands for. */
function selection(who: string, minimum: number) {
  if (who.startsWith(SEGMENT)) return { segments_any: [who.slice(SEGMENT.length)] };
  if (who.startsWith(SCORE)) return { score: who.slice(SCORE.length), minimum };
  return {};
}
