/** Which rows of a list of any length are drawn, and where. */

export const ROW_PX = 36;
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

/** Returns how high the rule is. */
export function ruleHeight(total: number): number {
  return Math.min(total * ROW_PX, HIGHEST_PX);
}

/** Returns which rows are drawn where, for a place on the rule and the height of the sight. */
export function sight(total: number, scrolled: number, height: number): Sight {
  const fit = Math.ceil(height / ROW_PX);
  const farthest = Math.max(0, ruleHeight(total) - height);
  const last = Math.max(0, total * ROW_PX - height);
  // On a shorter rule each px of scrolling stands for several of the list.
  const px = farthest > 0 ? (Math.min(scrolled, farthest) / farthest) * last : 0;
  const first = Math.floor(px / ROW_PX);
  const from = Math.max(0, first - BEYOND);
  const to = Math.min(total, first + fit + 1 + BEYOND);
  return { from, length: to - from, top: scrolled - px + from * ROW_PX };
}

/** Returns how far to scroll so that a row is in sight; the present place where it is already. */
export function scrolledTo(row: number, total: number, scrolled: number, height: number): number {
  const farthest = Math.max(0, ruleHeight(total) - height);
  const last = Math.max(0, total * ROW_PX - height);
  const px = farthest > 0 ? (Math.min(scrolled, farthest) / farthest) * last : 0;
  const top = row * ROW_PX;
  const wanted = top < px ? top : top + ROW_PX > px + height ? top + ROW_PX - height : px;
  return last > 0 ? (wanted / last) * farthest : 0;
}
