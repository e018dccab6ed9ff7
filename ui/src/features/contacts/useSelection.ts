/** Which contacts are selected: some one by one, or all that the list shows but for a few. */
import { useState } from 'react';
import type { ChosenContacts, ContactsFilter } from '../../ipc/bindings';

/** As many as can be named one by one. */
const MOST_NAMED = 10_000;

type Ticked = {
  /** Everyone in the list is selected, but for those named. */
  all: boolean;
  named: ReadonlySet<string>;
};

const NONE: Ticked = { all: false, named: new Set() };

/** `filter` and `total` are the list's. */
export function useSelection(filter: ContactsFilter, total: number) {
  const [ticked, setTicked] = useState(NONE);
  const list = JSON.stringify(filter);
  const [of, setOf] = useState(list);
  // In another list *all* would mean others than those that were seen.
  if (of !== list) {
    setOf(list);
    if (ticked.all) setTicked(NONE);
  }
  const named = ticked.named.size;
  return {
    /** How many are selected. */
    count: ticked.all ? Math.max(0, total - named) : named,
    /** Whether the whole list is. */
    isAll: ticked.all && named === 0,
    chosen: chosen(ticked, filter),
    has: (guid: string) => ticked.named.has(guid) !== ticked.all,
    toggle: (guid: string) => setTicked((before) => toggled(before, guid)),
    /** Selects more; none of those that are selected is taken away. */
    add: (guids: readonly string[]) => setTicked((before) => added(before, guids)),
    addAll: () => setTicked({ all: true, named: new Set() }),
    clear: () => setTicked(NONE),
  };
}

export type Selection = ReturnType<typeof useSelection>;

function chosen({ all, named }: Ticked, filter: ContactsFilter): ChosenContacts {
  return all ? { filter, except: [...named] } : { contacts: [...named] };
}

function toggled({ all, named }: Ticked, guid: string): Ticked {
  const next = new Set(named);
  if (!next.delete(guid) && next.size < MOST_NAMED) next.add(guid);
  return { all, named: next };
}

function added({ all, named }: Ticked, guids: readonly string[]): Ticked {
  if (!all) return { all, named: new Set([...named, ...guids].slice(0, MOST_NAMED)) };
  return { all, named: new Set([...named].filter((guid) => !guids.includes(guid))) };
}
