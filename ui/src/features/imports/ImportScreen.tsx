/** A file of contacts: how it is read, what it would do, and doing it. */
import { Button, Select } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { Card } from '../../components/Card';
import { Empty } from '../../components/Empty';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import type { Fault, ImportOutcome, ImportRequest, Trial } from '../../ipc/bindings';
import { useHostEvent } from '../../ipc/events';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './ImportScreen.module.css';

export function ImportScreen() {
  const pick = useDo('shell.pick_file');
  const [file, setFile] = useState<string | null>(null);
  useHostEvent(
    'dropped',
    useCallback((event) => setFile(event.path), []),
  );
  const choose = () =>
    pick.mutate({ what: 'contacts' }, { onSuccess: (path) => path !== null && setFile(path) });
  return (
    <Page
      title="Import"
      parent={{ title: 'Contacts', to: '/contacts' }}
      about={file ?? undefined}
      actions={
        file && (
          <Button variant="default" onClick={choose}>
            Another file
          </Button>
        )
      }
    >
      {pick.error && <Trouble error={pick.error} />}
      {file ? (
        <OneFile key={file} file={file} />
      ) : (
        <Empty
          title="Choose a file of contacts, or drop one here"
          action={
            <Button leftSection={<IconFileImport size={16} stroke={1.75} />} onClick={choose}>
              Choose a file
            </Button>
          }
        >
          CSV or Excel. You see what would change before anything does.
        </Empty>
      )}
    </Page>
  );
}

function plain(file: string): ImportRequest {
  return {
    file,
    map: [],
    key: 'email',
    existing: 'update',
    create_custom_fields: false,
    create_accounts: false,
    encoding: null,
    delimiter: null,
    sheet: null,
    dates: null,
    default_country: null,
    time_zone: null,
    errors_file: null,
    again: false,
  };
}

const NOWHERE = '-';

function OneFile({ file }: { file: string }) {
  const [request, setRequest] = useState(() => plain(file));
  const preview = useAsk('imports.preview', request, { keep: true });
  const targets = useAsk('imports.targets', {});
  const trial = useAsk('imports.try', request, { enabled: preview.isSuccess, keep: true });
  const run = useDo('imports.run');
  if (preview.isError) return <Trouble error={preview.error} retry={() => void preview.refetch()} />;
  if (preview.isPending) return <Rows />;
  if (run.data) return <Outcome outcome={run.data} />;
  const { columns, imported_before: before } = preview.data;
  const send = (column: string, field: string) => {
    const others = request.map.filter(([name]) => name !== column);
    setRequest({ ...request, map: [...others, [column, field]] });
  };
  const choices = [
    { value: NOWHERE, label: 'Leave out' },
    ...(targets.data ?? []).map(({ field, label }) => ({ value: field, label })),
  ];
  return (
    <>
      <Card title="Columns" about={`${counted(columns.length, 'column')}; guesses can be corrected`}>
        <Table label="Columns" heads={[{ name: 'Column' }, { name: 'Goes to' }, { name: 'For example' }]}>
          {columns.map((column) => (
            <tr key={column.name}>
              <td>{column.name}</td>
              <td>
                <Select
                  aria-label={`${column.name} goes to`}
                  searchable
                  data={choices}
                  value={column.field ?? NOWHERE}
                  onChange={(value) => value && send(column.name, value)}
                />
              </td>
              <td className={classes.samples}>{column.samples.slice(0, 3).join(', ')}</td>
            </tr>
          ))}
        </Table>
      </Card>
      <Card
        title="What it would do"
        aside={
          <Button
            loading={run.isPending}
            disabled={!trial.data}
            onClick={() => run.mutate({ ...request, again: before })}
          >
            {trial.data ? `Import ${counted(trial.data.created + trial.data.updated, 'contact')}` : 'Import'}
          </Button>
        }
        about={before ? 'This very file was imported before.' : undefined}
      >
        {trial.isError && <Trouble error={trial.error} retry={() => void trial.refetch()} />}
        {trial.isPending && <Rows count={2} />}
        {trial.data && <Figures figures={trial.data} />}
        {run.error && <Trouble error={run.error} focus />}
      </Card>
    </>
  );
}

function Figures({ figures }: { figures: Trial | ImportOutcome }) {
  const numbers = [
    ['New', figures.created],
    ['Changed', figures.updated],
    ['Same', figures.unchanged],
    ['Skipped', figures.skipped],
    ['Faulty', figures.faulty],
  ] as const;
  return (
    <>
      <ul className={classes.figures}>
        {numbers.map(([name, number]) => (
          <li key={name}>
            {name} <strong className="num">{count(number)}</strong>
          </li>
        ))}
      </ul>
      {figures.faults.length > 0 && <Faults faults={figures.faults} />}
      {figures.warnings.map((warning) => (
        <p key={`${warning.line} ${warning.text}`} className={classes.samples}>
          {warning.line !== null && `Line ${count(warning.line)}: `}
          {sentence(warning.text)}
        </p>
      ))}
    </>
  );
}

function Faults({ faults }: { faults: readonly Fault[] }) {
  return (
    <Table label="Faulty rows" heads={[{ name: 'Line', number: true }, { name: 'Column' }, { name: 'Why' }]}>
      {faults.map((fault) => (
        <tr key={`${fault.line} ${fault.column} ${fault.reason}`}>
          <td className="num">{count(fault.line)}</td>
          <td>{fault.column}</td>
          <td>{sentence(fault.reason)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Outcome({ outcome }: { outcome: ImportOutcome }) {
  const navigate = useNavigate();
  return (
    <Card
      title={outcome.finished ? 'Imported' : 'Stopped; it goes on from there when the file is imported again'}
      aside={<Button onClick={() => void navigate({ to: '/contacts' })}>Open the contacts</Button>}
    >
      <Figures figures={outcome} />
    </Card>
  );
}
