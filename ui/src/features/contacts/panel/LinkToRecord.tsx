/** Links the contact to a record: finds it in Salesforce, shows what linking will write, and links. */
import { Button, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../../components/Dialog';
import { DialogButtons } from '../../../components/DialogButtons';
import { counted } from '../../../components/numbers';
import { Rows } from '../../../components/Rows';
import { Trouble } from '../../../components/Trouble';
import { say } from '../../../components/undo';
import type { ContactCard, FoundRecord, LinkPreview } from '../../../ipc/bindings';
import { useAsk, useDo } from '../../../ipc/queries';
import classes from './Panel.module.css';

type LinkedObject = 'Lead' | 'Contact';

export function LinkToRecord({ card, onClose }: { card: ContactCard; onClose: () => void }) {
  const connections = (useAsk('connections.list', {}).data ?? []).filter(({ org_id }) => org_id !== null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [object, setObject] = useState<LinkedObject>('Lead');
  const [text, setText] = useState(card.name);
  const [record, setRecord] = useState<FoundRecord | null>(null);
  const search = useDo('search.run');
  const connection = chosen ?? connections[0]?.name ?? '';
  const find = (event: FormEvent) => {
    event.preventDefault();
    if (connection && text.trim()) {
      search.mutate({ connection, search: { object, text: text.trim() } });
    }
  };
  return (
    <Dialog opened onClose={onClose} title={`Link ${card.name || 'the contact'} to a record`} size={560}>
      {record ? (
        <Preview
          card={card}
          connection={connection}
          record={record}
          onBack={() => setRecord(null)}
          onClose={onClose}
        />
      ) : (
        <Stack gap="sm">
          {connections.length > 1 && (
            <Select
              label="Connection"
              allowDeselect={false}
              data={connections.map(({ name }) => name)}
              value={connection}
              onChange={(name) => name && setChosen(name)}
            />
          )}
          <SegmentedControl
            aria-label="Type of record"
            data={[
              { value: 'Lead', label: 'Leads' },
              { value: 'Contact', label: 'Contacts' },
            ]}
            value={object}
            onChange={(next) => {
              setObject(next as LinkedObject);
              search.reset();
            }}
          />
          <form onSubmit={find} className={classes.find}>
            <TextInput
              label="Name, email, company or phone"
              data-autofocus
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              loading={search.isPending}
              disabled={!connection || !text.trim()}
            >
              Search Salesforce
            </Button>
          </form>
          {connections.length === 0 && <p className={classes.quiet}>Connect Salesforce first.</p>}
          {search.error && <Trouble error={search.error} />}
          {search.data && <Found records={search.data.records} onPick={setRecord} />}
        </Stack>
      )}
    </Dialog>
  );
}

function Found({
  records,
  onPick,
}: {
  records: readonly FoundRecord[];
  onPick: (record: FoundRecord) => void;
}) {
  if (records.length === 0) return <p className={classes.quiet}>No matching records.</p>;
  return (
    <ul className={classes.records} aria-label="Matching records">
      {records.slice(0, 20).map((record) => (
        <li key={record.id}>
          <span>
            {record.name || 'No name'}{' '}
            <span className={classes.quiet}>
              {record.values
                .filter((value): value is string => typeof value === 'string' && value !== record.name)
                .slice(0, 3)
                .join(', ')}
              {record.linked && ` · Linked to ${record.linked.name}`}
              {record.converted && ' · Converted'}
            </span>
          </span>
          <Button
            size="xs"
            variant="default"
            aria-label={`Choose ${record.name}`}
            disabled={record.linked !== null || record.converted === true}
            onClick={() => onPick(record)}
          >
            Choose
          </Button>
        </li>
      ))}
    </ul>
  );
}

type PreviewProps = {
  card: ContactCard;
  connection: string;
  record: FoundRecord;
  onBack: () => void;
  onClose: () => void;
};

function Preview({ card, connection, record, onBack, onClose }: PreviewProps) {
  const request = {
    contact: card.guid,
    record_id: record.id,
    connection,
    overwrite_identifier: false,
  };
  const preview = useAsk('links.preview', request);
  const link = useDo('links.set');
  const replaces = preview.data?.writes.some(({ before }) => before !== null) ?? false;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    link.mutate(
      { ...request, overwrite_identifier: replaces },
      {
        onSuccess: () => {
          say(`Linked to ${record.name || record.id}.`);
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {preview.isPending && <Rows count={3} />}
        {preview.isError && <Trouble error={preview.error} retry={() => void preview.refetch()} />}
        {preview.data && <Told preview={preview.data} />}
        {link.error && <Trouble error={link.error} />}
        <DialogButtons
          onCancel={onBack}
          busy={link.isPending}
          disabled={!preview.data || preview.data.taken_by !== null}
        >
          {replaces ? 'Overwrite and link' : 'Link record'}
        </DialogButtons>
      </Stack>
    </form>
  );
}

/** What linking does, one sentence a line. */
function Told({ preview }: { preview: LinkPreview }) {
  const { name, object, record_id, writes, replaces, taken_by, replications } = preview;
  return (
    <div role="group" aria-label="What linking does">
      <p>
        <strong>{name || record_id}</strong>{' '}
        <span className={classes.quiet}>
          {object} {record_id}
        </span>
      </p>
      {taken_by !== null && (
        <p>This record is linked to {taken_by}. Remove that link or merge the two contacts first.</p>
      )}
      {writes.map(({ field, before }) => (
        <p key={field}>
          Writes the Leadferry ID to {field}
          {before !== null &&
            ', where the record has the ID of another contact. Make sure it’s the right record'}
          .
        </p>
      ))}
      {writes.length === 0 && <p>Writes nothing to the record now.</p>}
      {replaces !== null && <p>Replaces the link to {replaces}. That record stays in Salesforce.</p>}
      {replications.length > 0 && (
        <p>
          {counted(replications.length, 'replication')} will update it from the next run on:{' '}
          {replications.join(', ')}.
        </p>
      )}
    </div>
  );
}
