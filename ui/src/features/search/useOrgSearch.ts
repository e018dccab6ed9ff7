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
  const [refreshing, setRefreshing] = useState(false);
  const first = useDo('search.run');
  const next = useDo('search.next');

  // An answer that comes after another search has begun is not for it.
  const latest = useRef(0);
  // What was asked last, and what the list shows: an undo may come long after the list that it was offered with.
  const last = useRef<OrgSearch | null>(null);
  const shown = useRef<OrgSearch | null>(null);
  const begin = (wanted: OrgSearch) => {
    latest.current += 1;
    last.current = null;
    setSearch(wanted);
    setRan(null);
    setFound(null);
    setTicked(new Set());
    first.reset();
    next.reset();
  };
  const run = (wanted: OrgSearch = search) => {
    setTicked(new Set());
    ask(asked(wanted), false);
  };
  const ask = (question: OrgSearch, inPlace: boolean) => {
    setRefreshing(inPlace);
    last.current = question;
    latest.current += 1;
    const turn = latest.current;
    next.reset();
    first.mutate(
      { connection, search: question },
      {
        onSuccess: (answer) => {
          if (turn !== latest.current) return;
          shown.current = question;
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
    /** Asks again, and leaves the list and what is selected in place until the answer is there. */
    refresh: () => {
      if (last.current) ask(last.current, last.current === shown.current);
    },
    more,
    /** Asks again in another order; the heads stay, and so does the focus on one. */
    sortBy: (field: string) => {
      const descending = search.sort?.field === field && !search.sort.descending;
      const wanted = { ...search, sort: { field, descending } };
      setSearch(wanted);
      setTicked(new Set());
      ask(asked(wanted), true);
    },
    found,
    error,
    /** Whether an answer is waited for that takes the place of the list. */
    asking: first.isPending && !refreshing,
    askingMore: next.isPending,
    ticked,
    setTicked,
  };
}

export type OrgSearching = ReturnType<typeof useOrgSearch>;
