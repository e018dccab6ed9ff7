/** How the columns of found records are laid out: their order and their widths, as the user has put them. */
import type { SearchColumn } from '../../ipc/bindings';

/** What is kept of each object; columns that are not named stand where the search has put them. */
export type Layout = { order: string[]; widths: Record<string, number> };

export const LEAST_WIDTH = 72;
export const MOST_WIDTH = 640;
const USUAL_WIDTH = 176;
const NUMBER_WIDTH = 112;

export const UNTOUCHED: Layout = { order: [], widths: {} };

/** Returns the columns in the user's order, each with its place in the answer. */
export function arranged(columns: readonly SearchColumn[], { order }: Layout) {
  const placed = columns.map((column, at) => ({ column, at }));
  const known = order.flatMap((name) => placed.filter(({ column }) => column.name === name));
  const others = placed.filter(({ column }) => !order.includes(column.name));
  return [...known, ...others];
}

export type Arranged = ReturnType<typeof arranged>;

export function widthOf({ name, form }: SearchColumn, { widths }: Layout): number {
  return widths[name] ?? (form === 'number' ? NUMBER_WIDTH : USUAL_WIDTH);
}

/** Returns the layout with a column of another width, within what can be read. */
export function resized(layout: Layout, name: string, width: number): Layout {
  const fitting = Math.round(Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width)));
  return { ...layout, widths: { ...layout.widths, [name]: fitting } };
}

/** Returns the layout with a column moved to a place, counted without it. */
export function moved(layout: Layout, shown: readonly string[], name: string, to: number): Layout {
  const order = shown.filter((other) => other !== name);
  order.splice(Math.min(order.length, Math.max(0, to)), 0, name);
  return { ...layout, order };
}
