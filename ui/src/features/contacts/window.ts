/** Which rows of a list of any length are drawn, and where. */

/** A list: how many rows, and how high each is in px. */
export type Ruled = { total: number; rowPx: number };

/** A browser gives up beyond 33.5 million px: a longer list is drawn on a shorter rule. */
export const HIGHEST_PX = 16_000_000;
/** Drawn beyond what is in sight, above and below. */
const BEYOND = 10;

export type Sight = {
  /** The first row drawn. */
  from: number;
  /** How many are drawn. */
  length: number;
  /** Where the first one stands, in px from the top of the rule. */
  top: number;
};

/** Returns how high a row is: it grows with the text. */
export function rowHeight(): number {
  const text = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return 2.25 * (text || 16);
}

/** Returns how high the rule is. */
export function ruleHeight({ total, rowPx }: Ruled): number {
  return Math.min(total * rowPx, HIGHEST_PX);
}

/** Returns which rows are drawn where, for a place on the rule and the height of the sight. */
export function sight(list: Ruled, scrolled: number, height: number): Sight {
  const { total, rowPx } = list;
  const fit = Math.ceil(height / rowPx);
  const farthest = Math.max(0, ruleHeight(list) - height);
  const last = Math.max(0, total * rowPx - height);
  // On a shorter rule each px of scrolling stands for several of the list.
  const px = farthest > 0 ? (Math.min(scrolled, farthest) / farthest) * last : 0;
  const first = Math.floor(px / rowPx);
  const from = Math.max(0, first - BEYOND);
  const to = Math.min(total, first + fit + 1 + BEYOND);
  return { from, length: to - from, top: scrolled - px + from * rowPx };
}

/** Returns how far to scroll so that a row is in sight; the present place where it is already. */
export function scrolledTo(row: number, list: Ruled, scrolled: number, height: number): number {
  const { total, rowPx } = list;
  const farthest = Math.max(0, ruleHeight(list) - height);
  const last = Math.max(0, total * rowPx - height);
  const px = farthest > 0 ? (Math.min(scrolled, farthest) / farthest) * last : 0;
  const top = row * rowPx;
  const wanted = top < px ? top : top + rowPx > px + height ? top + rowPx - height : px;
  return last > 0 ? (wanted / last) * farthest : 0;
}
