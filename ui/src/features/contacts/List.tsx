/** The rows in sight, of a list of any length; the keyboard reaches every one. */
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ContactRow, Delivery, JsonValue } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './ContactsScreen.module.css';
import { type Column, columnWidths, isSpare, shownCell } from './columns';
import { DeliveryMark } from './DeliveryMark';
import { ListHead } from './ListHead';
import { type ListQuery, useRows } from './useRows';
import type { Selection } from './useSelection';
import { rowHeight, ruleHeight, scrolledTo, sight } from './window';

type Props = {
  query: ListQuery;
  columns: readonly Column[];
  onSort: (column: string) => void;
  total: number;
  open: string | undefined;
  onOpen: (guid: string) => void;
  selection: Selection;
};

const LEAP = 20;

export function List({ query, columns, onSort, total, open, onOpen, selection }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(800);
  const [active, setActive] = useState(0);
  const focusNext = useRef(false);
  const [rowPx, setRowPx] = useState(rowHeight);
  const list = { total, rowPx };
  const { from, length, top } = sight(list, scrolled, height);
  const places = Array.from({ length }, (_, at) => from + at);
  const rows = useRows(query, places);
  const timeZone = useAsk('workspaces.current', {}).data?.time_zone ?? 'UTC';

  // `cargo xtask bench` asks when the first rows were in sight.
  const isShown = rows.size > 0;
  useEffect(() => {
    if (isShown) performance.mark('contacts in sight');
  }, [isShown]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setHeight(element.clientHeight || 800);
      setRowPx(rowHeight());
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // The row that was moved to is drawn by now, wherever on the list it is.
  useLayoutEffect(() => {
    if (!focusNext.current) return;
    const row = frame.current?.querySelector<HTMLElement>(`[data-at="${active}"]`);
    if (!row) return;
    focusNext.current = false;
    row.focus({ preventScroll: true });
  });

  const move = (to: number) => {
    const next = Math.max(0, Math.min(total - 1, to));
    const place = scrolledTo(next, list, scrolled, height);
    focusNext.current = true;
    setActive(next);
    setScrolled(place);
    if (frame.current) frame.current.scrollTop = place;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const here = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = Number(here.dataset.at);
    const row = rows.get(at);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: total - 1,
      PageDown: at + LEAP,
      PageUp: at - LEAP,
    }[event.key];
    if (to !== undefined) {
      const next = rows.get(to);
      if (event.shiftKey) selection.add([row, next].flatMap((one) => (one ? [one.guid] : [])));
      move(to);
    } else if (event.key === ' ' && row) selection.toggle(row.guid);
    else return;
    event.preventDefault();
  };
  // A row out of sight cannot be reached with Tab: the first one drawn stands in for it.
  const reachable = places.includes(active) ? active : (places[0] ?? 0);

  return (
    <div
      role="grid"
      aria-label="Contacts"
      aria-rowcount={total + 1}
      aria-multiselectable
      className={classes.grid}
      onKeyDown={onKeyDown}
      style={
        {
          '--lf-columns': columnWidths(columns),
          '--lf-fewer-columns': columnWidths(columns.filter((column) => !isSpare(column))),
        } as React.CSSProperties
      }
    >
      <ListHead columns={columns} sort={query.sort} onSort={onSort} selection={selection} />
      <div
        ref={frame}
        className={classes.frame}
        role="rowgroup"
        onPointerOver={sayInFull}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
      >
        <div style={{ height: ruleHeight(list), position: 'relative' }} role="presentation">
          <div style={{ transform: `translateY(${top}px)` }} role="presentation">
            {places.map((at) => (
              <Row
                key={at}
                at={at}
                row={rows.get(at)}
                columns={columns}
                timeZone={timeZone}
                open={open}
                reachable={at === reachable}
                selection={selection}
                onOpen={(guid) => {
                  setActive(at);
                  onOpen(guid);
                }}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

type RowProps = {
  at: number;
  row: ContactRow | undefined;
  columns: readonly Column[];
  timeZone: string;
  open: string | undefined;
  reachable: boolean;
  selection: Selection;
  onOpen: (guid: string) => void;
};

function Row({ at, row, columns, timeZone, open, reachable, selection, onOpen }: RowProps) {
  const isTicked = row !== undefined && selection.has(row.guid);
  return (
    <div
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isTicked}
      data-open={(row !== undefined && row.guid === open) || undefined}
      data-at={at}
      tabIndex={reachable ? 0 : -1}
      className={classes.row}
      onClick={() => row && onOpen(row.guid)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && row) onOpen(row.guid);
      }}
    >
      <span role="gridcell" className={classes.tick}>
        {row && (
          // Dozens are drawn with each turn of the wheel: the plain one costs a tenth.
          <input
            type="checkbox"
            className={classes.box}
            tabIndex={-1}
            aria-label={`Select ${row.name}`}
            checked={isTicked}
            onClick={(event) => event.stopPropagation()}
            onChange={() => selection.toggle(row.guid)}
          />
        )}
      </span>
      <span role="gridcell" className={classes.name}>
        {row ? row.name : <span className={classes.bone} />}
      </span>
      {columns.map((column, at) => (
        <span
          key={column.name}
          role="gridcell"
          data-spare={isSpare(column) || undefined}
          className={cellClass(column)}
        >
          {row && <Cell column={column} value={row.cells[at]} timeZone={timeZone} />}
        </span>
      ))}
    </div>
  );
}

function cellClass({ name, isNumber }: Column): string | undefined {
  if (name === 'salesforce') return classes.delivery;
  return isNumber ? `${classes.number} num` : undefined;
}

/** Says in full what a cell has no room for, while the pointer is on it. */
function sayInFull({ target }: PointerEvent<HTMLElement>) {
  const cell = target instanceof HTMLElement && target.closest<HTMLElement>('[role=gridcell]');
  if (cell) cell.title = cell.scrollWidth > cell.clientWidth ? (cell.textContent ?? '') : '';
}

type CellProps = { column: Column; value: JsonValue | undefined; timeZone: string };

function Cell({ column, value, timeZone }: CellProps) {
  if (column.name === 'salesforce' && value) return <DeliveryMark delivery={value as Delivery} />;
  return shownCell(column, value, timeZone);
}
