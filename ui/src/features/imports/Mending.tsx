/** Faulty rows, to be corrected where they stand and taken in; or saved as a file for later. */
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

const PAGE = 20;

type Props = { id: number; fileName: string };

export function Mending({ id, fileName }: Props) {
  const [skip, setSkip] = useState(0);
  const page = useAsk('imports.faulty', { import: id, skip, limit: PAGE }, { keep: true });
  const place = useDo('shell.pick_place');
  const save = useDo('imports.save_faulty');
  const mend = useDo('imports.mend');
  const [edits, setEdits] = useState<Readonly<Record<number, readonly string[]>>>({});
  const saveAs = () =>
    place.mutate(
      { what: 'csv', name: `${fileName.replace(/\.[^.]*$/, '')}-errors.csv` },
      {
        onSuccess: (path) =>
          path !== null &&
          save.mutate({ import: id, place: path }, { onSuccess: () => say('The faulty rows were saved.') }),
      },
    );
  if (page.isError) return <Trouble error={page.error} retry={() => void page.refetch()} />;
  if (page.isPending) return <Rows count={3} />;
  const { columns, rows, total } = page.data;
  if (total === 0) return null;
  const edited = rows.flatMap((row) => {
    const cells = edits[row.line];
    return cells ? [{ line: row.line, cells: [...cells] }] : [];
  });
  const takeIn = () =>
    mend.mutate(
      { import: id, rows: edited },
      {
        onSuccess: (outcome) => {
          setEdits({});
          const taken = outcome.created + outcome.updated + outcome.unchanged;
          say(
            `${counted(taken, 'row')} taken in${outcome.faulty > 0 ? `, ${count(outcome.faulty)} still faulty` : ''}.`,
          );
        },
      },
    );
  return (
    <Card
      title="Faulty rows"
      about={`${counted(total, 'row')} could not be taken in. Correct them here, or save them as a file.`}
      aside={
        <div className={classes.buttons}>
          <Button variant="default" loading={save.isPending} onClick={saveAs}>
            Save as a file
          </Button>
          <Button loading={mend.isPending} disabled={edited.length === 0} onClick={takeIn}>
            {edited.length > 0 ? `Take in ${counted(edited.length, 'mended row')}` : 'Take in'}
          </Button>
        </div>
      }
    >
      {(mend.error ?? save.error) && (
        <Trouble error={(mend.error ?? save.error) as NonNullable<typeof save.error>} focus />
      )}
      <div className={classes.mending}>
        {rows.map((row) => (
          <FaultyRow
            key={`${row.line} ${row.reason}`}
            row={row}
            columns={columns}
            cells={edits[row.line] ?? row.cells ?? []}
            onChange={(cells) => setEdits({ ...edits, [row.line]: cells })}
          />
        ))}
      </div>
      {total > PAGE && (
        <div className={classes.buttons}>
          <Button
            size="xs"
            variant="default"
            disabled={skip === 0}
            onClick={() => setSkip(Math.max(0, skip - PAGE))}
          >
            Previous
          </Button>
          <span className="num">
            {count(skip + 1)} to {count(Math.min(total, skip + PAGE))} of {count(total)}
          </span>
          <Button
            size="xs"
            variant="default"
            disabled={skip + PAGE >= total}
            onClick={() => setSkip(skip + PAGE)}
          >
            Next
          </Button>
        </div>
      )}
    </Card>
  );
}

type RowProps = {
  row: Fault;
  columns: readonly string[];
  cells: readonly string[];
  onChange: (cells: readonly string[]) => void;
};

function FaultyRow({ row, columns, cells, onChange }: RowProps) {
  const [all, setAll] = useState(false);
  const blamed = columns.indexOf(row.column ?? '');
  const shown = columns
    .map((name, at) => ({ name, at }))
    .filter(({ at }) => all || blamed < 0 || at === blamed || (cells[at] ?? '') !== '');
  return (
    <div className={classes.faulty} role="group" aria-label={`Line ${row.line}`}>
      <p>
        <strong className="num">Line {count(row.line)}</strong> {row.column && `${row.column}: `}
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
            <Button size="xs" variant="subtle" onClick={() => setAll(true)}>
              Show every column
            </Button>
          )}
        </div>
      ) : (
        <p className={classes.samples}>It cannot be taken apart here: correct it in the file.</p>
      )}
    </div>
  );
}
