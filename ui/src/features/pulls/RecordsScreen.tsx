/** The records of one object in this workspace: a list to look through, one record at the right, and a profile of its fields. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { Rows } from '../../components/Rows';
import { Split } from '../../components/Split';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { RecordListed } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { stateWords, valueText } from '../../words/mirror';
import classes from './Pulls.module.css';
import { RecordTable } from './RecordTable';

const PAGE = 100;

export function RecordsScreen() {
  const { name, object } = useParams({ strict: false }) as { name: string; object: string };
  const pull = useAsk('pulls.show', { name });
  const [view, setView] = useState('records');
  const parent = { title: name, to: `/pulls/${encodeURIComponent(name)}` };
  const connection = pull.data?.connection;
  return (
    <Page
      title={object}
      parent={parent}
      about={connection && `From ${connection}`}
      actions={
        <SegmentedControl
          aria-label="What to show"
          data={[
            { value: 'records', label: 'Records' },
            { value: 'profile', label: 'Field profile' },
          ]}
          value={view}
          onChange={setView}
        />
      }
    >
      {pull.isError && <Trouble error={pull.error} retry={() => void pull.refetch()} />}
      {!pull.data && !pull.isError && <Rows />}
      {connection &&
        (view === 'records' ? (
          <Records connection={connection} object={object} />
        ) : (
          <Profile connection={connection} object={object} />
        ))}
    </Page>
  );
}

type Props = { connection: string; object: string };

function Records({ connection, object }: Props) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 200);
  const [limit, setLimit] = useState(PAGE);
  const [open, setOpen] = useState<RecordListed | null>(null);
  const records = useAsk(
    'mirror.list',
    { connection, object, limit, ...(text ? { text } : {}) },
    { keep: true },
  );
  if (records.isError) return <Trouble error={records.error} retry={() => void records.refetch()} />;
  if (!records.data) return <Rows />;
  return (
    <Split panel={open && <One id={open.id} onClose={() => setOpen(null)} />}>
      <div className={classes.stack}>
        {records.data.mirrored && (
          <TextInput
            aria-label="Find records"
            placeholder="Search all text fields"
            type="search"
            className={classes.words}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        {records.data.records.length === 0 ? (
          <Empty title="No records">
            {text ? 'No record contains this text.' : 'Run the pull to read the records of this object.'}
          </Empty>
        ) : (
          <RecordTable listed={records.data} onOpen={records.data.mirrored ? setOpen : undefined} />
        )}
        {!records.data.mirrored && (
          <p className={classes.quiet}>
            This object hasn’t been read yet. These are{' '}
            {counted(records.data.records.length, 'sample record')} from Salesforce.
          </p>
        )}
        {records.data.next && (
          <div>
            <Button size="xs" variant="default" onClick={() => setLimit(limit + PAGE)}>
              Show more
            </Button>
          </div>
        )}
      </div>
    </Split>
  );
}

function One({ id, onClose }: { id: string; onClose: () => void }) {
  const record = useAsk('mirror.show', { id });
  return (
    <Panel label="Record" head={<strong>{id}</strong>} onClose={onClose}>
      {record.isError && <Trouble error={record.error} retry={() => void record.refetch()} />}
      {record.isPending && <Rows />}
      {record.data && (
        <div className={classes.stack}>
          <p>
            <Chip tone={stateWords[record.data.state].tone}>
              {record.data.winner ? `Merged into ${record.data.winner}` : stateWords[record.data.state].word}
            </Chip>
          </p>
          <dl className={classes.values}>
            <dt>Identity</dt>
            <dd className="selectable">{record.data.identities.join(', ')}</dd>
            {record.data.fields
              .filter(({ value }) => value !== null)
              .map(({ name, label, kind, value, gone }) => (
                <div key={name} className={classes.pair}>
                  <dt title={name}>
                    {label}
                    {gone && ' (no longer in Salesforce)'}
                  </dt>
                  <dd className="selectable">{valueText(value, kind)}</dd>
                </div>
              ))}
          </dl>
        </div>
      )}
    </Panel>
  );
}

function Profile({ connection, object }: Props) {
  const profile = useAsk('mirror.profile', { connection, object });
  if (profile.isError) return <Trouble error={profile.error} retry={() => void profile.refetch()} />;
  if (!profile.data) return <Rows />;
  const { records, from, fields, calls } = profile.data;
  return (
    <div className={classes.stack}>
      <p className={classes.quiet}>
        {from === 'mirror'
          ? `${counted(records, 'record')} in this workspace.`
          : `A sample of ${counted(records, 'record')} from Salesforce, which used ${counted(calls, 'API call')}.`}
      </p>
      <Table
        label="Field profile"
        dense
        heads={[
          { name: 'Field' },
          { name: 'Filled', number: true },
          { name: 'Different values', number: true },
          { name: 'Lowest' },
          { name: 'Highest' },
          { name: 'Shortest', number: true },
          { name: 'Longest', number: true },
          { name: 'Most frequent' },
        ]}
      >
        {fields.map(({ field, label, kind, filled, distinct, least, greatest, shortest, longest, top }) => (
          <tr key={field}>
            <td title={field}>{label}</td>
            <NumberCell>{count(filled)}</NumberCell>
            <NumberCell>{count(distinct)}</NumberCell>
            <td>{valueText(least, kind)}</td>
            <td>{valueText(greatest, kind)}</td>
            <NumberCell>{shortest === null ? '' : count(shortest)}</NumberCell>
            <NumberCell>{longest === null ? '' : count(longest)}</NumberCell>
            <td>
              {top
                .slice(0, 3)
                .map(({ value, records }) => `${valueText(value, kind)} (${count(records)})`)
                .join(', ')}
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
