/** Records what a contact answered, with when and how, and the words that they were asked. */
import { Group, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { DateField } from '../../components/DateField';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { today } from '../../components/written';
import type { How } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { answers } from '../../words/consents';

const ways: { value: How; label: string }[] = [
  { value: 'by_hand', label: 'In person or in writing' },
  { value: 'form', label: 'Form' },
  { value: 'phone', label: 'Phone' },
  { value: 'double_opt_in', label: 'Double opt-in' },
];

/** Characters of a wording that tell one version from another. */
const SHOWN = 60;

type Props = { contact: string; paths: readonly string[]; onClose: () => void };

export function RecordAnswer({ contact, paths, onClose }: Props) {
  const wordings = useAsk('consents.wordings', {});
  const record = useDo('consents.record');
  const [purpose, setPurpose] = useState<string | null>(paths.length === 1 ? (paths[0] ?? null) : null);
  const [answer, setAnswer] = useState('given');
  const [how, setHow] = useState<How>('by_hand');
  const [answered, setAnswered] = useState<Moment>(NEVER);
  const [asked, setAsked] = useState<Moment>(NEVER);
  const [version, setVersion] = useState<string | null>(null);
  const [source, setSource] = useState('');
  const versions = (wordings.data ?? []).filter((one) => one.purpose === purpose);
  const isDouble = how === 'double_opt_in';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate(
      {
        contacts: [contact],
        purpose: purpose ?? '',
        given: answer === 'given',
        how,
        source,
        ...(answered.date ? { at: milliseconds(answered) } : {}),
        ...(isDouble && asked.date ? { asked_at: milliseconds(asked) } : {}),
        ...(version ? { wording: Number(version) } : {}),
      },
      {
        onSuccess: ({ outweighed }) => {
          if (outweighed > 0) say('Recorded in the history. A later answer counts.');
          onClose();
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title="Record answer" size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Purpose"
            data-autofocus
            searchable
            data={[...paths]}
            value={purpose}
            onChange={(chosen) => {
              setPurpose(chosen);
              setVersion(null);
            }}
          />
          <Group gap="sm" align="flex-start" grow>
            <Select
              label="Answer"
              allowDeselect={false}
              data={answers}
              value={answer}
              onChange={(chosen) => setAnswer(chosen ?? 'given')}
            />
            <Select
              label="How they answered"
              allowDeselect={false}
              data={ways}
              value={how}
              onChange={(chosen) => setHow(ways.find(({ value }) => value === chosen)?.value ?? 'by_hand')}
            />
          </Group>
          {isDouble && <MomentFields label="Asked on" description="" moment={asked} onChange={setAsked} />}
          <MomentFields
            label={isDouble ? 'Confirmed on' : 'Answered on'}
            description="Now, if empty"
            moment={answered}
            onChange={setAnswered}
          />
          <Select
            label="Wording"
            description={whyNoWording(purpose, versions.length)}
            clearable
            disabled={versions.length === 0}
            data={versions.map((one) => ({
              value: String(one.version),
              label: `Version ${one.version}: ${shortened(one.text)}`,
            }))}
            value={version}
            onChange={setVersion}
          />
          <TextInput
            label="Where they were asked"
            placeholder="For example, Trade fair"
            value={source}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
          {record.error && <Trouble error={record.error} />}
          <DialogButtons
            onCancel={onClose}
            busy={record.isPending}
            disabled={
              (!purpose && 'Choose a purpose') || (isDouble && !asked.date && 'Enter when they asked for it')
            }
          >
            Record answer
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Says why no wording can be chosen; a choice needs no words. */
function whyNoWording(purpose: string | null, versions: number): string | undefined {
  if (purpose === null) return 'Choose a purpose first.';
  return versions === 0 ? 'This purpose has no wordings yet. Add one under Consent.' : undefined;
}

/** A date such as *2026-01-31* and a time of the day, both empty while nobody has said them. */
type Moment = { date: string; time: string };

const NEVER: Moment = { date: '', time: '' };

type MomentProps = {
  label: string;
  description: string;
  moment: Moment;
  onChange: (moment: Moment) => void;
};

function MomentFields({ label, description, moment, onChange }: MomentProps) {
  return (
    <Group gap="sm" align="flex-end" grow>
      <DateField
        label={label}
        description={description || undefined}
        value={moment.date}
        onChange={(date) => onChange({ ...moment, date })}
      />
      <TextInput
        label="Time"
        aria-label={`${label}, time`}
        type="time"
        value={moment.time}
        onChange={(event) => onChange({ date: moment.date || today(), time: event.currentTarget.value })}
      />
    </Group>
  );
}

function milliseconds({ date, time }: Moment): number {
  return new Date(`${date}T${time || '00:00'}`).getTime();
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
