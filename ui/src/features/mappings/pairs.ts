/** A value map as it is edited: one line for each value found here, and for each that is mapped already. */
import type { FoundValue, MapValues } from '../../ipc/bindings';

export type Pair = {
  id: string;
  /** The value here. */
  from: string;
  /** The value in Salesforce; empty sends it as it is. */
  to: string;
  /** How many contacts have it; null where that is not known. */
  contacts: number | null;
  /** Salesforce knows the value as it is. */
  known: boolean;
};

/** Returns the lines: what Salesforce does not know first, the most frequent first. */
export function linesOf(map: readonly [string, string][], { here }: MapValues): Pair[] {
  const known = (text: string) => here.find((found) => same(found.value, text));
  const mapped = map.map(([from, to]): Pair => line(from, to, known(from)));
  const rest = here
    .filter((found) => !map.some(([from]) => same(from, found.value)))
    .map((found) => line(found.value, '', found));
  return [...mapped, ...rest.filter((one) => !one.known), ...rest.filter((one) => one.known)];
}

function line(from: string, to: string, found: FoundValue | undefined): Pair {
  return { id: from, from, to, contacts: found?.contacts ?? null, known: found?.known ?? false };
}

/** Returns the map that the lines say. */
export function mapOf(pairs: readonly Pair[]): [string, string][] {
  return pairs
    .map(({ from, to }): [string, string] => [from.trim(), to.trim()])
    .filter(([from, to]) => from !== '' && to !== '');
}

/** Tells whether Salesforce offers a value, under its name or its label. */
export function isOffered(text: string, { offered }: MapValues): boolean {
  return offered.some(({ value, label }) => same(value, text) || same(label, text));
}

function same(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
