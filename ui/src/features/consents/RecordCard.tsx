/** Records the answers of several contacts, whose emails are pasted. */
import { Button, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { count, counted } from '../../components/numbers';
import { sentence, Trouble } from '../../components/Trouble';
import type { PurposeInfo, RecordedConsent } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Consents.module.css';

const SHOWN = 20;

export function RecordCard({ purposes }: { purposes: readonly PurposeInfo[] }) {
  const record = useDo('consents.record');
  const [purpose, setPurpose] = useState<string | null>(null);
  const [answer, setAnswer] = useState('given');
  const [source, setSource] = useState('');
  const [pasted, setPasted] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    record.mutate(
      { purpose: purpose ?? '', given: answer === 'given', source, pasted },
      { onSuccess: () => setPasted('') },
    );
  };
  return (
    <Card
      title="Record answers"
      about="For several contacts at once. To record the answer of one contact, open the contact."
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <div className={classes.form}>
            <Select
              label="Purpose"
              placeholder="Choose a purpose"
              searchable
              data={purposes.map((one) => one.path)}
              value={purpose}
              onChange={setPurpose}
            />
            <Select
              label="Answer"
              allowDeselect={false}
              data={[
                { value: 'given', label: 'Given' },
                { value: 'refused', label: 'Refused' },
              ]}
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
          <div>
            <Button
              type="submit"
              variant="default"
              disabled={!purpose || !pasted.trim()}
              loading={record.isPending}
            >
              Record answers
            </Button>
          </div>
        </Stack>
      </form>
    </Card>
  );
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
