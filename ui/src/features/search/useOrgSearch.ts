/** A search and its results. It runs only when the user asks: each answer uses API calls. */
import { useRef, useState } from 'react';
import { asked } from '../../criteria/criteria';
import type { Found, HostError, OrgSearch, SavedSearch } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

export function useOrgSearch(connection: string) {
  const [search, setSearch] = useState<OrgSearch>({ object: 'Lead' });
  const [ran, setRan] = useState<OrgSearch | null>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const first = useDo('search.run');
  const next = useDo('search.next');

  // An answer that comes after another search has begun is not for it.
  const latest = useRef(0);
  const begin = (wanted: OrgSearch) => {
    latest.current += 1;
    setSearch(wanted);
    setRan(null);
    setFound(null);
    setTicked(new Set());
    first.reset();
    next.reset();
  };
  const run = (wanted: OrgSearch = search) => {
    setTicked(new Set());
    ask(wanted);
  };
  const ask = (wanted: OrgSearch) => {
    const question = asked(wanted);
    latest.current += 1;
    const turn = latest.current;
    next.reset();
    first.mutate(
      { connection, search: question },
      {
        onSuccess: (answer) => {
          if (turn !== latest.current) return;
          setRan(question);
          setFound(answer);
        },
      },
    );
  };
  const more = () => {
    if (!found?.next || !ran) return;
    const turn = latest.current;
    next.mutate(
      { connection, search: ran, next: found.next, seen: found.records.length },
      {
        onSuccess: (answer) => {
          if (turn !== latest.current) return;
          setFound({ ...answer, records: [...found.records, ...answer.records] });
        },
      },
    );
  };
  const error: HostError | null = first.error ?? next.error;
  return {
    search,
    change: (part: Partial<OrgSearch>) => setSearch((before) => ({ ...before, ...part })),
    /** Another object: its fields are others, so nothing of the criteria stays. */
    choose: (object: OrgSearch['object']) => begin({ object }),
    open: (saved: SavedSearch) => begin(saved.search),
    /** Shows a search and runs it. */
    start: (wanted: OrgSearch) => {
      begin(wanted);
      run(wanted);
    },
    run,
    /** Asks again and keeps what is selected: it may have been selected since. */
    refresh: () => ask(search),
    more,
    /** Asks again in another order. */
    sortBy: (field: string) => {
      const descending = search.sort?.field === field && !search.sort.descending;
      const wanted = { ...search, sort: { field, descending } };
      setSearch(wanted);
      run(wanted);
    },
    found,
    error,
    asking: first.isPending,
    askingMore: next.isPending,
    ticked,
    setTicked,
  };
}

export type OrgSearching = ReturnType<typeof useOrgSearch>;
