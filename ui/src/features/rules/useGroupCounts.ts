/** How many contacts each group within the rules holds by itself. */
import { useDebouncedValue } from '@mantine/hooks';
import type { RuleTree } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { type Query, toTree } from './tree';

/** After the count of the whole, which people look at first. */
const DELAY_MS = 150;

export type GroupCount = {
  /** Contacts; none while they are counted, or where the rules make no sense. */
  contacts: number | null;
  /** The group takes them out. */
  out: boolean;
};

/** Returns the count of each group but the outermost, by its path such as `1.0`; none where they are not wanted. */
export function useGroupCounts(query: Query, wanted: boolean): ReadonlyMap<string, GroupCount> {
  const groups = wanted ? groupsIn(query, []) : [];
  const trees = groups.map(({ tree }) => tree);
  const [settled] = useDebouncedValue(JSON.stringify(trees), DELAY_MS);
  const asked = JSON.parse(settled) as RuleTree[];
  const counted = useAsk('segments.try_parts', { trees: asked }, { enabled: asked.length > 0, keep: true });
  return new Map(
    groups.map(({ path, out }, at) => [path.join('.'), { contacts: counted.data?.[at] ?? null, out }]),
  );
}

type Group = { path: number[]; tree: RuleTree; out: boolean };

function groupsIn(query: Query, path: number[]): Group[] {
  return query.rules.flatMap((one, at) => {
    if (!('rules' in one)) return [];
    const [inner, here] = [one as Query, [...path, at]];
    const out = inner.combinator === 'none';
    // Whom a group of *none* takes out are those who meet any of it.
    const tree = toTree(out ? { ...inner, combinator: 'any' } : inner);
    return [{ path: here, tree, out }, ...groupsIn(inner, here)];
  });
}
