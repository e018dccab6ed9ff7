/** The records that undoing a run concerns: deleted, restored, or left alone and why; page by page. */
import { useState } from 'react';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { Tabs } from '../../components/Tabs';
import { sentence, Trouble } from '../../components/Trouble';
import type { UndoneField, UndoPart, UndoPlan, UndoRecord } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { Pager } from './Pager';
import classes from './Plan.module.css';
import run from './Run.module.css';
import { shown } from './values';

const LIMIT = 20;

const none: Record<UndoPart, string> = {
  delete: 'No records are deleted.',
  restore: 'No values are restored.',
  skipped: 'No records are left alone.',
};

export function UndoneRecords({ plan }: { plan: UndoPlan }) {
  const parts = [
    { id: 'delete', name: 'Delete', count: plan.delete + plan.deleted },
    { id: 'restore', name: 'Restore', count: plan.restore + plan.restored },
    { id: 'skipped', name: 'Left alone', count: plan.skipped },
  ] as const;
  const [chosen, setChosen] = useState<string | null>(null);
  const usual = parts.find((part) => part.count > 0)?.id ?? 'delete';
  const part = parts.find(({ id }) => id === (chosen ?? usual)) ?? parts[0];
  return (
    <section aria-label="Records of this run">
      <Tabs label="Records of this run" tabs={parts} open={part.id} onOpen={setChosen} />
      <div className={run.part}>
        {part.id === 'skipped' && <Reasons plan={plan} />}
        <Records key={part.id} id={plan.run} part={part.id} total={part.count} />
      </div>
    </section>
  );
}

function Reasons({ plan: { skipped_by } }: { plan: UndoPlan }) {
  // One reason stands in the list itself.
  if (skipped_by.length < 2) return null;
  return (
    <ul className={run.quiet}>
      {skipped_by.map(({ code, records, message }) => (
        <li key={code}>
          {counted(records, 'record')}: {sentence(message)}
        </li>
      ))}
    </ul>
  );
}

type RecordsProps = { id: number; part: UndoPart; total: number };

function Records({ id, part, total }: RecordsProps) {
  // Where each page but the first begins; the last of them is shown.
  const [pages, setPages] = useState<readonly string[]>([]);
  const after = pages.at(-1);
  const page = useAsk(
    'runs.undo_rows',
    { run: id, part, ...(after === undefined ? {} : { after }), limit: LIMIT },
    { keep: true },
  );
  if (page.isError) return <Trouble error={page.error} retry={() => void page.refetch()} />;
  if (page.isPending) return <Rows />;
  const { records, next } = page.data;
  // Of a record that goes, no value is put back.
  const hasValues = part !== 'delete';
  if (records.length === 0) return <p className={run.quiet}>{none[part]}</p>;
  return (
    <>
      <Table
        label={`Records: ${part}`}
        heads={[
          { name: 'Contact' },
          { name: 'Record' },
          { name: part === 'skipped' ? 'Reason' : 'Outcome' },
          ...(hasValues ? [{ name: 'Values' }] : []),
        ]}
      >
        {records.map((record) => (
          <tr key={record.record_id}>
            <td>{record.name}</td>
            <td className="mono selectable">{record.record_id}</td>
            <td className={part === 'skipped' ? undefined : classes.outcome}>{outcome(record)}</td>
            {hasValues && (
              <td>
                <Values fields={record.fields} />
              </td>
            )}
          </tr>
        ))}
      </Table>
      {(next !== null || pages.length > 0) && (
        <Pager
          label={`Pages: ${part}`}
          pages={pages}
          onPages={setPages}
          next={next}
          limit={LIMIT}
          shown={records.length}
          total={Math.max(total, records.length)}
        />
      )}
    </>
  );
}

function outcome({ state, message }: UndoRecord): string {
  switch (state) {
    case 'skipped':
      return message ? sentence(message) : '';
    case 'deleted':
      return 'Deleted';
    case 'restored':
      return 'Restored';
    case 'deleting':
    case 'restoring':
      return 'No answer yet';
    case 'delete':
      return 'To delete';
    case 'restore':
      return 'To restore';
  }
}

function Values({ fields }: { fields: readonly UndoneField[] }) {
  return (
    <ul className={classes.values}>
      {fields.map((field) => (
        <li key={field.field}>
          {field.label}:{' '}
          {field.skipped === null && field.before !== undefined ? (
            <>
              <s>{shown(field.sent)}</s> {shown(field.before)}
            </>
          ) : (
            `${shown(field.now ?? field.sent)} stays`
          )}
        </li>
      ))}
    </ul>
  );
}

/** What undoing does, in one sentence. */
export function undoWords({ delete: deletes, restore, skipped }: UndoPlan): string {
  const doing = [
    deletes > 0 && `deletes ${counted(deletes, 'record')}`,
    restore > 0 && `restores the values of ${counted(restore, 'record')}`,
  ].filter(Boolean);
  const rest = skipped > 0 ? ` ${count(skipped)} left alone.` : '';
  if (doing.length === 0) return `Nothing can be undone.${rest}`;
  const words = doing.join(' and ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.${rest}`;
}
