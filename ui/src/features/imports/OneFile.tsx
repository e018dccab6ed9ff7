/** A file: how it is read, where its columns go, what it would do, and doing it. */
import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { bytes, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import type { ColumnPreview, ImportRequest, Preview } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Figures } from './Figures';
import classes from './ImportScreen.module.css';
import { OneImport } from './OneImport';
import { Reading } from './Reading';
import { choices, NOWHERE, plain, sent } from './request';

export function OneFile({ file }: { file: string }) {
  const [request, setRequest] = useState(() => plain(file));
  const preview = useAsk('imports.preview', request, { keep: true });
  const trial = useAsk('imports.try', request, { enabled: preview.isSuccess, keep: true });
  const run = useDo('imports.run');
  if (run.data) return <OneImport id={run.data.import} outcome={run.data} />;
  if (preview.isError) {
    return (
      <>
        <Trouble error={preview.error} retry={() => void preview.refetch()} />
        <Reading request={request} preview={null} onChange={setRequest} />
      </>
    );
  }
  if (preview.isPending) return <Rows />;
  const { imported_before: before } = preview.data;
  const due = trial.data ? trial.data.created + trial.data.updated : 0;
  return (
    <>
      <Card title="Columns" about={aboutFile(preview.data)}>
        <Columns columns={preview.data.columns} request={request} onChange={setRequest} />
        {preview.data.warnings.map((warning) => (
          <p key={`${warning.line} ${warning.text}`} className={classes.samples}>
            {sentence(warning.text)}
          </p>
        ))}
      </Card>
      <Reading request={request} preview={preview.data} onChange={setRequest} />
      <Card
        title="What it would do"
        aside={
          <Button
            loading={run.isPending}
            disabled={!trial.data || trial.isPlaceholderData || due === 0}
            onClick={() => run.mutate({ ...request, again: before })}
          >
            {trial.data ? `Import ${counted(due, 'contact')}` : 'Import'}
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

type ColumnsProps = {
  columns: readonly ColumnPreview[];
  request: ImportRequest;
  onChange: (request: ImportRequest) => void;
};

function Columns({ columns, request, onChange }: ColumnsProps) {
  const targets = useAsk('imports.targets', {}).data ?? [];
  return (
    <Table label="Columns" heads={[{ name: 'Column' }, { name: 'Goes to' }, { name: 'For example' }]}>
      {columns.map((column) => (
        <tr key={column.name}>
          <td>
            {column.name}
            {column.sure === 'likely' && <span className={classes.samples}> (a guess)</span>}
          </td>
          <td>
            <Select
              aria-label={`${column.name} goes to`}
              searchable
              allowDeselect={false}
              data={choices(targets, column.name)}
              value={column.field ?? NOWHERE}
              onChange={(value) => typeof value === 'string' && onChange(sent(request, column.name, value))}
            />
          </td>
          <td className={classes.samples}>{column.samples.slice(0, 3).join(', ')}</td>
        </tr>
      ))}
    </Table>
  );
}

function aboutFile({ format, encoding, sheet, bytes: size, columns }: Preview): string {
  const words = [
    format === 'xlsx' ? `Excel${sheet ? `, ${sheet}` : ''}` : `CSV${encoding ? `, ${encoding}` : ''}`,
  ];
  return [...words, bytes(size), counted(columns.length, 'column')].join(' · ');
}
