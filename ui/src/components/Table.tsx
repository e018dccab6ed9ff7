/** A plain table of rows; long lists take a virtual one instead. */
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import classes from './Table.module.css';

export type Head = {
  name: string;
  number?: boolean;
  hidden?: boolean;
  /** Goes first where there is no room for all; its cells are `SpareCell`s. */
  spare?: boolean;
  /** Stands in place of the name, such as a button that sorts. */
  content?: ReactNode;
  sorted?: 'ascending' | 'descending';
};

type Props = {
  label: string;
  heads: readonly Head[];
  /** Rows stay one line high; what is longer is cut off. */
  dense?: boolean;
  children: ReactNode;
};

/** A row that has a name to open, a link or a `NameButton`, opens wherever it is clicked. */
export function Table({ label, heads, dense, children }: Props) {
  return (
    <div className={classes.frame}>
      <table className={dense ? `${classes.table} ${classes.dense}` : classes.table} aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th
                key={head.name}
                scope="col"
                aria-sort={head.sorted}
                className={
                  [head.number && classes.number, head.spare && classes.spare].filter(Boolean).join(' ') ||
                  undefined
                }
              >
                {head.content ??
                  (head.hidden ? <span className="visually-hidden">{head.name}</span> : head.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onClick={openOnClick} onKeyDown={openOnEnter}>
          {children}
        </tbody>
      </table>
    </div>
  );
}

/** A cell with a number. */
export function NumberCell({ children }: { children: ReactNode }) {
  return (
    <td data-number className={`${classes.number} num`}>
      {children}
    </td>
  );
}

/** A cell of a column that goes first where there is no room for all. */
export function SpareCell({ number, children }: { number?: boolean; children: ReactNode }) {
  return (
    <td
      data-number={number || undefined}
      className={`${classes.spare} ${number ? `${classes.number} num` : ''}`}
    >
      {children}
    </td>
  );
}

/** What opens its row: its first link or `NameButton`. A number leads to what it counts, and not to the row. */
const OPENER = 'td:not([data-number]) a[href], [data-opens]';
const CONTROLS = 'a, button, input, select, textarea';

function openOnClick(event: MouseEvent<HTMLElement>): void {
  const { target, currentTarget } = event;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || isSelecting(currentTarget)) return;
  const cell = cellOf(target, currentTarget);
  const opener = cell && openerOf(cell);
  if (!opener || opener.contains(target as Node)) return;
  // A click beside a checkbox was meant for it.
  const others = [...cell.querySelectorAll(CONTROLS)].filter((control) => control !== opener);
  if (others.length === 0) open(opener);
}

/** Enter presses what has the focus; a checkbox leaves it to the row. */
function openOnEnter(event: KeyboardEvent<HTMLElement>): void {
  const { key, target, currentTarget } = event;
  if (key !== 'Enter' || !(target instanceof HTMLInputElement) || target.type !== 'checkbox') return;
  const cell = cellOf(target, currentTarget);
  const opener = cell && openerOf(cell);
  if (!opener) return;
  // It would press the button that has the focus then, too.
  event.preventDefault();
  open(opener);
}

/** Returns the cell that an event is for, unless it comes from a dialog, which tells the table of its events, too. */
function cellOf(target: EventTarget, table: HTMLElement): Element | null {
  return target instanceof Element && table.contains(target) ? target.closest('td, th') : null;
}

function openerOf(cell: Element): HTMLElement | null {
  return cell.closest('tr')?.querySelector<HTMLElement>(OPENER) ?? null;
}

/** Opens a row. The focus is there when what opened closes again. */
function open(opener: HTMLElement): void {
  opener.focus();
  opener.click();
}

function isSelecting(table: HTMLElement): boolean {
  const selection = window.getSelection();
  return Boolean(selection?.toString()) && table.contains(selection?.anchorNode ?? null);
}
