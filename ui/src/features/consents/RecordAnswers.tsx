/** Records the answers of several contacts, whose emails are pasted. */
import { Select, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { count, counted } from '../../components/numbers';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { PurposeInfo, RecordedConsent } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { answers } from '../../words/consents';
import classes from './Consents.module.css';

const SHOWN = 20;

type Props = { purposes: readonly PurposeInfo[]; onClose: () => void };

export function RecordAnswers({ purposes, onClose }: Props) {
  const record = useDo('consents.record');
  const [purpose, setPurpose] = useState<string | null>(null);
  const [answer, setAnswer] = useState('given');
  const [source, setSource] = useState('');
  const [pasted, setPasted] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate(
      { purpose: purpose ?? '', given: answer === 'given', source, pasted },
      {
        onSuccess: (recorded) => {
          if (isPlain(recorded)) {
            say(`Recorded the answer of ${counted(recorded.changed, 'contact')}.`);
            onClose();
          }
          setPasted('');
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title="Record answers" size={720}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <p className={classes.quiet}>
            For several contacts at once. To record the answer of one contact, open the contact.
          </p>
          <div className={classes.form}>
            <Select
              label="Purpose"
              data-autofocus
              placeholder="Choose a purpose"
              searchable
              data={purposes.map((one) => one.path)}
              value={purpose}
              onChange={setPurpose}
            />
            <Select
              label="Answer"
              allowDeselect={false}
              data={answers}
              value={answer}
              onChange={(chosen) => setAnswer(chosen ?? 'given')}
            />
            <TextInput
              label="Where they were asked"
              placeholder="For example, Trade fair"
              value={source}
              onChange={(event) => setSource(event.currentTarget.value)}
            />
          </div>
          <Textarea
            label="Emails"
            description="Separate addresses with commas, spaces or new lines."
            autosize
            minRows={2}
            maxRows={12}
            value={pasted}
            onChange={(event) => setPasted(event.currentTarget.value)}
          />
          {record.error && <Trouble error={record.error} />}
          {record.data && <Recorded recorded={record.data} />}
          <DialogButtons
            onCancel={onClose}
            leave={record.data ? 'Done' : 'Cancel'}
            busy={record.isPending}
            disabled={(!purpose && 'Choose a purpose') || (!pasted.trim() && 'Enter at least one email')}
          >
            Record answers
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Tells whether there is nothing more to say than how many answered. */
function isPlain({ unchanged, outweighed, unknown }: RecordedConsent): boolean {
  return unchanged === 0 && outweighed === 0 && unknown.length === 0;
}

function Recorded({ recorded: { changed, unchanged, outweighed, unknown } }: { recorded: RecordedConsent }) {
  return (
    <div role="status">
      <p>
        Recorded the answer of {counted(changed, 'contact')}.
        {unchanged > 0 && ` ${count(unchanged)} had given the same answer before.`}
        {outweighed > 0 && ` For ${counted(outweighed, 'contact')} a later answer counts.`}
        {unknown.length > 0 && ` ${counted(unknown.length, 'address', 'addresses')} didn’t match a contact:`}
      </p>
      {unknown.slice(0, SHOWN).map((one) => (
        <p key={one.who} className={classes.quiet}>
          {one.who}: {sentence(one.why)}
        </p>
      ))}
      {unknown.length > SHOWN && <p className={classes.quiet}>and {count(unknown.length - SHOWN)} more</p>}
    </div>
  );
}
