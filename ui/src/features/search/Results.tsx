/** Found records: to select, sort and arrange; what is linked here stays in sight. */
import { ActionIcon, Button, Checkbox } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { dateFormat, numberFormat } from '../../components/locale';
import { count, counted } from '../../components/numbers';
import { shownDate } from '../../components/written';
import type { Found, FoundRecord, OrgObject, SearchCell, SearchColumn, SearchSort } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { ColumnHead } from './ColumnHead';
import { type Arranged, arranged, widthOf } from './layout';
import classes from './Search.module.css';
import { Spent } from './Spent';
import { type Layouting, useLayout } from './useLayout';

const TICK_WIDTH = 40;
const HERE_WIDTH = 208;

type Props = {
  object: OrgObject;
  found: Found;
  /** What is selected; nothing can be where the records are no people. */
  ticked: ReadonlySet<string> | null;
  onTick: (ticked: ReadonlySet<string>) => void;
  sort: SearchSort | undefined;
  onSort: (field: string) => void;
  onMore: () => void;
  asking: boolean;
};

export function Results(props: Props) {
  const { object, found, onMore, asking } = props;
  const layouting = useLayout(object);
  if (found.records.length === 0) {
    return (
      <Empty title="No results">
        No records in {found.connection} match this search, or your Salesforce user can’t see them.
      </Empty>
    );
  }
  return (
    <>
      <RecordTable {...props} columns={arranged(found.columns, layouting.layout)} layouting={layouting} />
      <div className={classes.foot}>
        <span role="status" className="num">
          {count(found.records.length)} of {counted(found.total, 'record')}
          {found.cut_off && '. Salesforce returns at most 2,000 records for a word search'}
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

type TableProps = Props & { columns: Arranged; layouting: Layouting };

function RecordTable({ found, ticked, onTick, sort, onSort, columns, layouting }: TableProps) {
  const names = columns.map(({ column }) => column.name);
  const widths = columns.map(({ column }) => widthOf(column, layouting.layout));
  const toggle = (id: string) => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    onTick(next);
  };
  const total = widths.reduce((sum, width) => sum + width, HERE_WIDTH + (ticked ? TICK_WIDTH : 0));
  return (
    <div className={classes.frame}>
      <table className={classes.table} style={{ width: total }} aria-label="Records found">
        <colgroup>
          {ticked && <col style={{ width: TICK_WIDTH }} />}
          {names.map((name, at) => (
            <col key={name} style={{ width: widths[at] }} />
          ))}
          <col style={{ width: HERE_WIDTH }} />
        </colgroup>
        <thead>
          <tr>
            {ticked && (
              <th scope="col" className={classes.tick}>
                <TickAll records={found.records} ticked={ticked} onTick={onTick} />
              </th>
            )}
            {columns.map(({ column }) => (
              <ColumnHead
                key={column.name}
                column={column}
                names={names}
                layouting={layouting}
                sort={sort}
                onSort={onSort}
              />
            ))}
            <th scope="col" className={classes.here}>
              Here
            </th>
          </tr>
        </thead>
        <tbody>
          {found.records.map((record) => (
            <tr key={record.id}>
              {ticked && (
                <td className={classes.tick}>
                  <Checkbox
                    aria-label={`Select ${record.name}`}
                    checked={ticked.has(record.id)}
                    onChange={() => toggle(record.id)}
                  />
                </td>
              )}
              {columns.map(({ column, at }) => (
                <Cell key={column.name} column={column} value={record.values[at] ?? null} />
              ))}
              <td className={classes.here}>
                <Here record={record} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type TickAllProps = { records: readonly FoundRecord[]; ticked: ReadonlySet<string> } & Pick<Props, 'onTick'>;

function TickAll({ records, ticked, onTick }: TickAllProps) {
  const all = records.map((record) => record.id);
  const allTicked = all.every((id) => ticked.has(id));
  return (
    <Checkbox
      aria-label="Select all records shown"
      checked={allTicked}
      indeterminate={!allTicked && ticked.size > 0}
      onChange={() => onTick(new Set(allTicked ? [] : all))}
    />
  );
}

function Cell({ column, value }: { column: SearchColumn; value: SearchCell }) {
  const shown = shownCell(value, column);
  const isNumber = column.form === 'number';
  return (
    <td className={isNumber ? `${classes.number} num` : 'selectable'} title={shown}>
      {shown}
    </td>
  );
}

/** Returns a value of the org's as people read it. */
export function shownCell(value: SearchCell, column?: SearchColumn): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return numberFormat({ maximumFractionDigits: 20 }).format(value);
  if (column?.form === 'date') return shownDate(value);
  if (column?.form !== 'date_time') return value;
  const at = Date.parse(value);
  return Number.isNaN(at) ? value : dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** The contact that the record is linked to, and the way to the record. */
function Here({ record }: { record: FoundRecord }) {
  const open = useDo('shell.open');
  const { address } = record;
  return (
    <span className={classes.links}>
      {record.linked ? (
        <Link to="/contacts" search={{ open: record.linked.guid }} className={classes.linked}>
          {record.linked.name || 'No name'}
        </Link>
      ) : (
        record.converted && <Chip tone="idle">Converted</Chip>
      )}
      {address && (
        <ActionIcon
          className={classes.open}
          title="Open in Salesforce"
          aria-label={`Open ${record.name} in Salesforce`}
          onClick={() => open.mutate({ address })}
        >
          <IconExternalLink size={16} stroke={1.75} />
        </ActionIcon>
      )}
    </span>
  );
}
