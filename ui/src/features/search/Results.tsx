/** What was found: to be ticked, ordered, opened in the org; what is linked already is marked. */
import { Anchor, Button, Checkbox } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { type Head, NumberCell, Table } from '../../components/Table';
import type { Found, FoundRecord, SearchCell, SearchColumn, SearchSort } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Search.module.css';
import { Spent } from './Spent';

type Props = {
  found: Found;
  /** What is ticked; nothing can be where the records are no people. */
  ticked: ReadonlySet<string> | null;
  onTick: (ticked: ReadonlySet<string>) => void;
  sort: SearchSort | undefined;
  onSort: (field: string) => void;
  onMore: () => void;
  asking: boolean;
};

export function Results({ found, ticked, onTick, sort, onSort, onMore, asking }: Props) {
  const open = useDo('shell.open');
  if (found.records.length === 0) {
    return (
      <Empty title="Nothing found">
        Nothing in {found.connection} meets this search, or the signed-in user may not see it.
      </Empty>
    );
  }
  const all = found.records.map((record) => record.id);
  const allTicked = ticked !== null && all.every((id) => ticked.has(id));
  const toggle = (id: string) => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    onTick(next);
  };
  const tickAll = (
    <Checkbox
      aria-label="Tick all that are shown"
      checked={allTicked}
      indeterminate={!allTicked && ticked !== null && ticked.size > 0}
      onChange={() => onTick(new Set(allTicked ? [] : all))}
    />
  );
  const heads: Head[] = [
    ...(ticked ? [{ name: 'Ticked', content: tickAll }] : []),
    ...found.columns.map((column) => head(column, sort, onSort)),
    { name: 'Here' },
  ];
  return (
    <>
      <Table label="Records found" dense heads={heads}>
        {found.records.map((record) => (
          <tr key={record.id}>
            {ticked && (
              <td>
                <Checkbox
                  aria-label={`Tick ${record.name}`}
                  checked={ticked.has(record.id)}
                  onChange={() => toggle(record.id)}
                />
              </td>
            )}
            {found.columns.map((column, at) => (
              <Cell key={column.name} column={column} value={record.values[at] ?? null} />
            ))}
            <td className={classes.here}>
              <Linked record={record} />
              {record.address && (
                <Anchor
                  component="button"
                  type="button"
                  onClick={() => open.mutate({ address: record.address ?? '' })}
                  aria-label={`Open ${record.name} in Salesforce`}
                >
                  Open in Salesforce
                </Anchor>
              )}
            </td>
          </tr>
        ))}
      </Table>
      <div className={classes.foot}>
        <span role="status" className="num">
          {count(found.records.length)} of {count(found.total)} records
          {found.cut_off && ', and maybe more: the org returns 2,000 at most for words'}
        </span>
        {found.next && (
          <Button size="xs" variant="default" loading={asking} onClick={onMore}>
            Show more
          </Button>
        )}
        <Spent spent={found.spent} />
      </div>
    </>
  );
}

function head(column: SearchColumn, sort: SearchSort | undefined, onSort: (field: string) => void): Head {
  const { name, label, form, sortable } = column;
  const direction = sort?.descending ? 'descending' : 'ascending';
  const sorted = sort?.field === name ? direction : undefined;
  const content = sortable && (
    <button type="button" className={classes.sort} onClick={() => onSort(name)}>
      {label}
      {sorted && (sorted === 'descending' ? ' ↓' : ' ↑')}
    </button>
  );
  return { name, content: content || label, sorted, number: form === 'number' };
}

function Cell({ column, value }: { column: SearchColumn; value: SearchCell }) {
  const shown = shownCell(value, column);
  return column.form === 'number' ? (
    <NumberCell>{shown}</NumberCell>
  ) : (
    <td className="selectable">{shown}</td>
  );
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** Returns a value of the org's as people read it. */
export function shownCell(value: SearchCell, column?: SearchColumn): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return count(value);
  if (column?.form === 'date' || column?.form === 'date_time') {
    const at = Date.parse(value);
    return Number.isNaN(at) ? value : day.format(at);
  }
  return value;
}

function Linked({ record }: { record: FoundRecord }) {
  if (record.linked) {
    return (
      <Link to="/contacts" search={{ open: record.linked.guid }}>
        {record.linked.name || 'A contact without a name'}
      </Link>
    );
  }
  return record.converted ? <Chip tone="idle">Converted</Chip> : null;
}
