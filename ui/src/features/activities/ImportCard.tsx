/** Imports a file of activities: its columns and how they are read. */
import { Button, Checkbox, Select } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { FileReading } from '../../components/FileReading';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { ActivitiesOutcome, ActivitiesRequest, DateOrder } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { dateOrders } from '../../words/dateOrders';
import classes from './Activities.module.css';

/** What a request calls a column that is skipped. */
const NOWHERE = '-';

const holds = [
  { value: NOWHERE, label: 'Skip column' },
  { value: 'email', label: 'Email' },
  { value: 'guid', label: 'Leadferry ID' },
  { value: 'type', label: 'Type' },
  { value: 'time', label: 'Time' },
  { value: 'value', label: 'Value' },
  { value: 'url', label: 'Web page' },
  { value: 'title', label: 'Title' },
  { value: 'note', label: 'Note' },
];

const dates = [{ value: '', label: 'Detect automatically' }, ...dateOrders];

const of = (file: string): ActivitiesRequest => ({
  file,
  sheet: null,
  header_row: null,
  encoding: null,
  delimiter: null,
  map: [],
  kind: null,
  create_types: true,
  dates: null,
  time_zone: null,
  errors_file: null,
  again: false,
});

export function ImportCard() {
  const pick = useDo('shell.pick_file');
  const [request, setRequest] = useState<ActivitiesRequest | null>(null);
  const [outcome, setOutcome] = useState<ActivitiesOutcome | null>(null);
  const choose = async () => {
    const file = await pick.mutateAsync({ what: 'contacts' });
    if (!file) return;
    setOutcome(null);
    setRequest(of(file));
  };
  return (
    <Card
      title="Import activities"
      about="Use a CSV or Excel file with columns for email, type and time. Value, web page, title and note are optional."
      aside={
        <Button
          variant={request ? 'default' : 'filled'}
          leftSection={<IconFileImport size={16} stroke={1.75} />}
          onClick={() => void choose().catch(() => {})}
        >
          Choose file
        </Button>
      }
    >
      {request && (
        <OneFile
          key={request.file}
          request={request}
          onChange={setRequest}
          onDone={(done) => {
            setRequest(null);
            setOutcome(done);
          }}
        />
      )}
      {outcome && <Outcome outcome={outcome} />}
    </Card>
  );
}

type FileProps = {
  request: ActivitiesRequest;
  onChange: (request: ActivitiesRequest) => void;
  onDone: (outcome: ActivitiesOutcome) => void;
};

function OneFile({ request, onChange, onDone }: FileProps) {
  const preview = useAsk('activities.preview', request, { keep: true });
  const types = useAsk('activities.types', {}).data ?? [];
  const run = useDo('activities.import');
  const put = (part: Partial<ActivitiesRequest>) => onChange({ ...request, ...part });
  // Read otherwise, a file has other columns.
  const read = (part: Partial<ActivitiesRequest>) => put({ ...part, map: [] });
  if (preview.isError)
    return (
      <>
        <Trouble error={preview.error} retry={() => void preview.refetch()} />
        <div className={classes.form}>
          <FileReading reading={request} found={null} onChange={read} />
        </div>
      </>
    );
  if (!preview.data) return <Rows count={3} />;
  const { columns, trouble, warnings, imported_before: before } = preview.data;
  const place = (column: string, word: string) =>
    put({ map: [...request.map.filter(([name]) => name !== column), [column, word]] });
  return (
    <>
      <Table label="Columns" heads={[{ name: 'Column' }, { name: 'Maps to' }, { name: 'Sample value' }]}>
        {columns.map((column) => (
          <tr key={column.name}>
            <td>{column.name}</td>
            <td>
              <Select
                aria-label={`${column.name} maps to`}
                allowDeselect={false}
                data={holds}
                value={column.holds ?? NOWHERE}
                onChange={(word) => word && place(column.name, word)}
              />
            </td>
            <td className={classes.quiet}>{column.samples.join(', ')}</td>
          </tr>
        ))}
      </Table>
      <div className={classes.form}>
        <Select
          label="Type for rows without one"
          clearable
          searchable
          data={types.map((type) => type.name)}
          value={request.kind}
          onChange={(kind) => put({ kind })}
        />
        <Select
          label="Order of dates such as 03/04/2026"
          allowDeselect={false}
          data={dates}
          value={request.dates ?? ''}
          onChange={(order) => put({ dates: order ? (order as DateOrder) : null })}
        />
        <FileReading reading={request} found={preview.data} onChange={read} />
        <Checkbox
          label="Create new activity types"
          checked={request.create_types}
          onChange={(event) => put({ create_types: event.currentTarget.checked })}
        />
        <Button
          disabled={trouble !== null || preview.isPlaceholderData}
          loading={run.isPending}
          onClick={() => run.mutate({ ...request, again: before }, { onSuccess: onDone })}
        >
          {before ? 'Import again' : 'Import activities'}
        </Button>
      </div>
      {warnings.map(({ text }) => (
        <p key={text} className={classes.quiet}>
          {visible(text)}
        </p>
      ))}
      {before && <p className={classes.quiet}>You imported this file before.</p>}
      {trouble && (
        <p role="alert" className={classes.fault}>
          {sentence(trouble)}
        </p>
      )}
      {run.error && <Trouble error={run.error} focus />}
    </>
  );
}

function Outcome({ outcome }: { outcome: ActivitiesOutcome }) {
  return (
    <div role="status">
      <p>
        {counted(outcome.rows, 'row')}: {count(outcome.added)} added, {count(outcome.waiting)} waiting for a
        contact, {count(outcome.faulty)} invalid.
        {outcome.types_created.length > 0 && ` New types: ${outcome.types_created.join(', ')}.`}
        {outcome.columns_ignored.length > 0 && ` Skipped columns: ${outcome.columns_ignored.join(', ')}.`}
      </p>
      {outcome.faults.length > 0 && (
        <Table label="Invalid rows" heads={[{ name: 'Line' }, { name: 'Column' }, { name: 'Reason' }]}>
          {outcome.faults.map((fault) => (
            <tr key={fault.line}>
              <td className="num">{count(fault.line)}</td>
              <td>{fault.column}</td>
              <td>{fault.reason}</td>
            </tr>
          ))}
        </Table>
      )}
      {outcome.warnings.map(({ text }) => (
        <p key={text} className={classes.quiet}>
          {visible(text)}
        </p>
      ))}
      {outcome.errors_file && (
        <p className={classes.quiet}>
          All invalid rows are in {visible(outcome.errors_file)}. Fix them there and import that file.
        </p>
      )}
    </div>
  );
}
