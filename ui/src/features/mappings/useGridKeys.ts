/** The keys of the mapping grid: from cell to cell, confirm, clear, open a source, undo, and on to what needs attention. */
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import type { MappingGrid as Grid, GridRow } from '../../ipc/bindings';
import { type Mapping, without } from './useMapping';

type Props = {
  table: RefObject<HTMLDivElement | null>;
  mapping: Mapping;
  grid: Grid;
  /** Fields with values that don't fit. */
  troubles: { has: (target: string) => boolean };
  /** Whether rows that aren't mapped are shown. */
  all: boolean;
  /** Whether a list of sources is open, which has keys of its own. */
  isOpen: boolean;
  /** Opens the sources of a field with the first letter of a search. */
  openSource: (target: string, search: string) => void;
};

export function useGridKeys({ table, mapping, grid, troubles, all, isOpen, openSource }: Props) {
  const { work } = mapping;

  const focus = (target: string, column = 'source') => {
    const selector = `[data-row="${CSS.escape(target)}"][data-column="${column}"]`;
    table.current?.querySelector<HTMLElement>(selector)?.focus();
  };
  // A row's dialog is opened from a list that is gone when it closes, and what it saves may put the row into another group.
  const backTo = useRef<string | null>(null);
  useEffect(() => {
    if (backTo.current && document.activeElement === document.body) focus(backTo.current);
  });
  const clear = (row: GridRow) => {
    if (row.state === 'likely') mapping.setLikely(without(work.likely, row.text));
    else if (row.text) {
      // The row leaves its group, and may leave the picture: whoever clears goes on at its neighbour, and at once, so
      // that no key that follows is lost.
      const shown = grid.rows.filter((one) => one.group !== 'not_mapped' || all);
      const at = shown.indexOf(row);
      const neighbour = shown[at + 1] ?? shown[at - 1];
      if (neighbour && row.group === 'mapped') focus(neighbour.target);
      void mapping.edit([{ kind: 'remove', target: row.target }], `${row.label} cleared`, null);
    }
  };
  const confirm = (row: GridRow) => {
    if (!row.text) return;
    const left = without(work.likely, row.text);
    void mapping.edit([{ kind: 'rows', text: row.text }], `${row.label} confirmed`, row.target, left);
  };
  const next = () => {
    const here = document.activeElement?.getAttribute('data-row');
    const at = grid.rows.findIndex((row) => row.target === here);
    const looks = grid.rows.filter((row) => row.look || troubles.has(row.target));
    const after = looks.find((row) => grid.rows.indexOf(row) > at) ?? looks[0];
    if (after) focus(after.target);
  };
  const move = (event: KeyboardEvent<HTMLElement>, from: HTMLElement, by: number) => {
    const column = from.dataset.column;
    const cells = [...(table.current?.querySelectorAll<HTMLElement>(`[data-column="${column}"]`) ?? [])];
    cells[cells.indexOf(from) + by]?.focus();
    event.preventDefault();
  };
  const onCell = (event: KeyboardEvent<HTMLElement>, from: HTMLElement, row: GridRow) => {
    const key = event.key;
    if (key === 'ArrowDown' || key === 'ArrowUp') move(event, from, key === 'ArrowDown' ? 1 : -1);
    else if (key === 'ArrowRight' || key === 'ArrowLeft') {
      const side = from.dataset.column === 'source' ? 'overwrite' : 'source';
      if ((key === 'ArrowRight') === (side === 'overwrite')) focus(row.target, side);
    } else if (key === 'Delete' || key === 'Backspace') clear(row);
    else if (from.dataset.column === 'source' && key === 'Enter' && row.state === 'likely') {
      event.preventDefault();
      confirm(row);
    } else if (from.dataset.column === 'source' && key.length === 1 && key !== ' ') {
      event.preventDefault();
      openSource(row.target, key);
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'F8') {
      event.preventDefault();
      next();
      return;
    }
    const from = event.target as HTMLElement;
    if (from.closest('input, textarea')) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      void (event.shiftKey ? mapping.redo() : mapping.undo());
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isOpen) return;
    const row = grid.rows.find((one) => one.target === from.dataset.row);
    if (row) onCell(event, from, row);
  };

  return {
    onKeyDown,
    clear,
    confirm,
    /** Goes on to the next row that needs attention. */
    next,
    /** Says which row gets the focus when the dialog has closed; null for none. */
    goBackTo: (target: string | null) => {
      backTo.current = target;
    },
  };
}
