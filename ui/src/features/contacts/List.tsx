/** The rows in sight, of a list of any length. */
import { useQueries } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useRef } from 'react';
import type { ContactRow, ContactsSort, JsonValue, PageRequest } from '../../ipc/bindings';
import { call } from '../../ipc/call';
import classes from './ContactsScreen.module.css';

type Props = {
  text: string;
  sort: ContactsSort;
  onSort: (sort: ContactsSort) => void;
  total: number;
  open: string | undefined;
  onOpen: (guid: string) => void;
};

const COLUMNS = [
  { name: 'email', label: 'E-mail' },
  { name: 'company_name', label: 'Company' },
  { name: 'city', label: 'City' },
] as const;

const PAGE = 100;
const ROW_PX = 36;
/** A browser gives up beyond 33.5 million px: a longer list is drawn on a shorter rule. */
const HIGHEST_PX = 16_000_000;

export function List({ text, sort, onSort, total, open, onOpen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const rowPx = Math.min(ROW_PX, HIGHEST_PX / total);
  // With rows of less than their height the rule is shorter than the list: only the first row in sight is placed by it.
  const shrunk = rowPx < ROW_PX;
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => frame.current,
    estimateSize: () => rowPx,
    overscan: shrunk ? 0 : 10,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const inSight = shrunk ? Math.ceil((frame.current?.clientHeight ?? 800) / ROW_PX) : items.length;
  const from = shrunk ? Math.min(first, Math.max(0, total - inSight)) : first;
  const shown = Array.from({ length: Math.min(inSight, total - from) }, (_, at) => from + at);
  const top = shrunk ? (virtual.scrollOffset ?? 0) : (items[0]?.start ?? 0);
  const rows = useRows(text, sort, shown);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const here = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    if (!here) return;
    const at = Number(here.dataset.at);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: total - 1,
      PageDown: at + 20,
      PageUp: at - 20,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(total - 1, to));
    virtual.scrollToIndex(next, { align: 'auto' });
    setTimeout(() => frame.current?.querySelector<HTMLElement>(`[data-at="${next}"]`)?.focus(), 60);
  };
  const head = (name: string, label: string) => (
    <span
      key={name}
      role="columnheader"
      aria-sort={sort.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className={classes.head}
        onClick={() => onSort({ column: name, descending: sort.column === name && !sort.descending })}
      >
        {label}
        {sort.column === name && (sort.descending ? ' ↓' : ' ↑')}
      </button>
    </span>
  );

  return (
    <div
      role="grid"
      aria-label="Contacts"
      aria-rowcount={total + 1}
      className={classes.grid}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.heads}`}>
        {head('name', 'Name')}
        {COLUMNS.map(({ name, label }) => head(name, label))}
      </div>
      <div ref={frame} className={classes.frame} role="rowgroup">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          <div style={{ transform: `translateY(${top}px)` }} role="presentation">
            {shown.map((at) => {
              const row = rows.get(at);
              return (
                <div
                  key={at}
                  role="row"
                  aria-rowindex={at + 2}
                  aria-selected={row !== undefined && row.guid === open}
                  data-at={at}
                  tabIndex={at === from ? 0 : -1}
                  className={classes.row}
                  onClick={() => row && onOpen(row.guid)}
                  onKeyDown={(event) => {
                    if (event.key === 'Enter' && row) onOpen(row.guid);
                  }}
                >
                  {row ? (
                    <>
                      <span role="gridcell" className={classes.name}>
                        {row.name}
                      </span>
                      {COLUMNS.map(({ name }, column) => (
                        <span key={name} role="gridcell">
                          {shownValue(row.cells[column])}
                        </span>
                      ))}
                    </>
                  ) : (
                    <span role="gridcell" className={classes.bone} aria-label="Loading" />
                  )}
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Returns the rows in sight that are known, by their place. */
function useRows(text: string, sort: ContactsSort, shown: readonly number[]): Map<number, ContactRow> {
  const pages = [...new Set(shown.map((at) => Math.floor(at / PAGE)))];
  const answers = useQueries({
    queries: pages.map((page) => {
      const request: PageRequest = {
        filter: text ? { text } : {},
        sort,
        columns: COLUMNS.map(({ name }) => name),
        from: page * PAGE,
        limit: PAGE,
      };
      return { queryKey: ['contacts.page', request], queryFn: () => call('contacts.page', request) };
    }),
  });
  const rows = new Map<number, ContactRow>();
  for (const [at, { data }] of answers.entries()) {
    const begin = (pages[at] ?? 0) * PAGE;
    for (const [offset, row] of (data?.rows ?? []).entries()) rows.set(begin + offset, row);
  }
  return rows;
}

function shownValue(value: JsonValue | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
