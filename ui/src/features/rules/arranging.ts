/** What keys and the pointer do to the order of rules. */
import { findPath, insert, move, type Path, type RuleType } from 'react-querybuilder';
import type { Query } from './tree';

/** A change of the rules, and the rule or group that gets the focus then: its field, or what had it before. */
export type Arranged = { query: Query; focus: string; field?: boolean };

type Key = Pick<KeyboardEvent, 'key' | 'altKey'>;

/** Where a key was pressed: in a rule or a group, perhaps in the text that the rule compares with. */
export type Pressed = { path: Path; text: string | null };

/** Returns what a key does to the rules: nothing for most. */
export function pressed(
  query: Query,
  key: Key,
  { path, text }: Pressed,
  newRule: () => RuleType,
): Arranged | null {
  if (path.length === 0) return null;
  if (key.altKey) {
    const way = { ArrowUp: 'up' as const, ArrowDown: 'down' as const }[key.key];
    return way ? { query: move(query, path, way), focus: idAt(query, path) } : null;
  }
  if (text === null) return null;
  if (key.key === 'Enter') return addedBelow(query, path, newRule());
  return null;
}

function addedBelow(query: Query, path: Path, rule: RuleType): Arranged {
  const below = [...path.slice(0, -1), (path.at(-1) ?? 0) + 1];
  const id = rule.id ?? '';
  // The library gives it another id otherwise.
  return { query: insert(query, rule, below, { idGenerator: () => id }), focus: id, field: true };
}

function idAt(query: Query, path: Path): string {
  return findPath(path, query)?.id ?? '';
}

/** Moves a rule or group to another place, unless that is inside itself. */
export function dropped(query: Query, from: Path, to: Path): Query {
  const isInside = from.every((at, level) => at === to[level]) && to.length > from.length;
  return isInside ? query : move(query, from, to);
}
