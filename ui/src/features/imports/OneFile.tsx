/** A file: what its columns map to, how it is read, what importing it would do, and importing it. */
import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { bytes, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import type { ColumnPreview, ImportRequest, Preview, Trial } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Figures } from './Figures';
import { FileOptions } from './FileOptions';
import classes from './ImportScreen.module.css';
import { OneImport } from './OneImport';
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
        <FileOptions request={request} preview={null} onChange={setRequest} />
      </>
    );
  }
  if (preview.isPending) return <Rows />;
  const { imported_before: before } = preview.data;
  const isDue = trial.data && due(trial.data) + trial.data.faulty > 0;
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
      <FileOptions request={request} preview={preview.data} onChange={setRequest} />
      <Card
        title="Preview"
        aside={
          <Button
            loading={run.isPending}
            disabled={!isDue || trial.isPlaceholderData}
            onClick={() => run.mutate({ ...request, again: before })}
          >
            {importWords(trial.data)}
          </Button>
        }
        about={aboutTrial(before, trial.data)}
      >
        {trial.isError && <Trouble error={trial.error} retry={() => void trial.refetch()} />}
        {trial.isPending && <Rows count={2} />}
        {trial.data && <Figures figures={withoutSaid(trial.data, preview.data)} />}
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
    <Table label="Columns" heads={[{ name: 'Column' }, { name: 'Maps to' }, { name: 'Sample values' }]}>
      {columns.map((column) => (
        <tr key={column.name}>
          <td>
            {column.name} {column.sure === 'likely' && <Chip tone="accent">Likely</Chip>}
          </td>
          <td>
            <Select
              aria-label={`${column.name} maps to`}
              searchable
              allowDeselect={false}
              data={choices(targets, column.name)}
              value={column.field ?? NOWHERE}
              onChange={(value) => typeof value === 'string' && onChange(sent(request, column.name, value))}
            />
          </td>
          <td className={classes.samples}>
            {column.samples.slice(0, 3).join(', ')}
            {column.consent && <div>{column.consent}.</div>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

const formats: Record<string, string> = { csv: 'CSV', xlsx: 'Excel', vcard: 'vCard' };

function due({ created, updated }: Trial): number {
  return created + updated;
}

function importWords(trial: Trial | undefined): string {
  if (trial && due(trial) > 0) return `Import ${counted(due(trial), 'contact')}`;
  return trial && trial.faulty > 0 ? `Fix ${counted(trial.faulty, 'invalid row')}` : 'Import contacts';
}

/** Leaves out what the card of the columns says already: it is about the file as a whole. */
function withoutSaid(trial: Trial, { warnings: said }: Preview): Trial {
  const isSaid = ({ line, text }: Trial['warnings'][number]) =>
    said.some((one) => one.line === line && one.text === text);
  const warnings = trial.warnings.filter((one) => !isSaid(one));
  return {
    ...trial,
    warnings,
    warning_count: trial.warning_count - (trial.warnings.length - warnings.length),
  };
}

function aboutTrial(before: boolean, trial: Trial | undefined): string | undefined {
  if (before) return 'You imported this file before.';
  return trial && due(trial) === 0 ? 'This file has no new or changed contacts.' : undefined;
}

function aboutFile({ format, encoding, sheet, bytes: size, columns }: Preview): string {
  const what = [formats[format] ?? format, sheet ?? encoding].filter(Boolean).join(', ');
  return [what, bytes(size), counted(columns.length, 'column')].join(' · ');
}
