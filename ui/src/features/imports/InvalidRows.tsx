/** Invalid rows, to be fixed where they are and imported again; or saved as a file for later. */
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { Fault } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './ImportScreen.module.css';
import { useFixes } from './useFixes';

const PAGE = 20;

type Props = { id: number; fileName: string };

export function InvalidRows({ id, fileName }: Props) {
  const [from, setFrom] = useState(0);
  const fixes = useFixes(id);
  const page = useAsk('imports.faulty', { import: id, skip: from, limit: PAGE }, { keep: true });
  if (page.isError) return <Trouble error={page.error} retry={() => void page.refetch()} />;
  if (page.isPending) return <Rows count={3} />;
  const { columns, rows, total } = page.data;
  if (total === 0) return null;
  // The last page is gone once its rows are imported.
  if (from >= total && !page.isPlaceholderData) setFrom(Math.floor((total - 1) / PAGE) * PAGE);
  return (
    <Card
      title="Invalid rows"
      about={`${counted(total, 'row wasn’t', 'rows weren’t')} imported. Fix them here, or save them as a file, fix it and import it.`}
      aside={
        <div className={classes.buttons}>
          <SaveButton id={id} fileName={fileName} />
          <Button loading={fixes.busy} disabled={fixes.count === 0} onClick={fixes.importAll}>
            {fixes.count > 0 ? `Import ${counted(fixes.count, 'fixed row')}` : 'Import fixed rows'}
          </Button>
        </div>
      }
    >
      {fixes.error && <Trouble error={fixes.error} focus />}
      <div className={classes.mending}>
        {rows.map((row) => (
          <InvalidRow
            key={row.line}
            row={fixes.withReason(row)}
            failed={fixes.hasFailed(row)}
            columns={columns}
            cells={fixes.cellsOf(row)}
            onChange={(cells) => fixes.type(row.line, cells)}
          />
        ))}
      </div>
      {total > PAGE && <Pages from={from} total={total} onChange={setFrom} />}
    </Card>
  );
}

function SaveButton({ id, fileName }: Props) {
  const place = useDo('shell.pick_place');
  const save = useDo('imports.save_faulty');
  const saveAs = () =>
    place.mutate(
      { what: 'csv', name: `${fileName.replace(/\.[^.]*$/, '')}-errors.csv` },
      {
        onSuccess: (path) =>
          path !== null &&
          save.mutate(
            { import: id, place: path },
            { onSuccess: () => say(`Invalid rows saved to ${path}.`) },
          ),
      },
    );
  return (
    <>
      {save.error && <Trouble error={save.error} focus />}
      <Button variant="default" loading={save.isPending} onClick={saveAs}>
        Save as file
      </Button>
    </>
  );
}

type PagesProps = { from: number; total: number; onChange: (from: number) => void };

function Pages({ from, total, onChange }: PagesProps) {
  return (
    <div className={classes.buttons}>
      <Button
        size="xs"
        variant="default"
        disabled={from === 0}
        onClick={() => onChange(Math.max(0, from - PAGE))}
      >
        Previous
      </Button>
      <span className="num">
        {count(from + 1)}–{count(Math.min(total, from + PAGE))} of {count(total)}
      </span>
      <Button
        size="xs"
        variant="default"
        disabled={from + PAGE >= total}
        onClick={() => onChange(from + PAGE)}
      >
        Next
      </Button>
    </div>
  );
}

type RowProps = {
  row: Fault;
  /** It was tried again, and is invalid still. */
  failed: boolean;
  columns: readonly string[];
  cells: readonly string[];
  onChange: (cells: readonly string[]) => void;
};

function InvalidRow({ row, failed, columns, cells, onChange }: RowProps) {
  const [all, setAll] = useState(false);
  const blamed = columns.indexOf(row.column ?? '');
  const shown = columns
    .map((name, at) => ({ name, at }))
    .filter(({ at }) => all || blamed < 0 || at === blamed || (row.cells?.[at] ?? '') !== '' || cells[at]);
  return (
    <div className={classes.faulty} role="group" aria-label={`Row ${row.line}`}>
      <p role={failed ? 'alert' : undefined}>
        <strong className="num">Row {count(row.line)}</strong> {failed && 'Still invalid. '}
        {row.column && `${row.column}: `}
        {sentence(row.reason)}
      </p>
      {row.cells ? (
        <div className={classes.cells}>
          {shown.map(({ name, at }) => (
            <TextInput
              key={name}
              label={name}
              size="xs"
              error={at === blamed || undefined}
              value={cells[at] ?? ''}
              onChange={(event) => {
                const next = columns.map((_, place) => cells[place] ?? '');
                next[at] = event.currentTarget.value;
                onChange(next);
              }}
            />
          ))}
          {shown.length < columns.length && (
            <Button size="xs" variant="subtle" className={classes.more} onClick={() => setAll(true)}>
              Show all columns
            </Button>
          )}
        </div>
      ) : (
        <p className={classes.samples}>
          This row can’t be split into columns here. Fix it in the file and import it again.
        </p>
      )}
    </div>
  );
}
