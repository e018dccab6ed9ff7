/** The rows in sight, asked for in pages; pages far from sight are forgotten. */
import { useQueries } from '@tanstack/react-query';
import type { ContactRow, ContactsFilter, ContactsSort, PageRequest } from '../../ipc/bindings';
import { call } from '../../ipc/call';

const PAGE = 100;
/** Long enough for going back and forth, short enough that a walk through a million rows keeps but a few pages. */
const KEPT_MS = 10_000;
const SETTLING_MS = 300;

export type ListQuery = { filter: ContactsFilter; sort: ContactsSort; columns: string[] };

/** Returns the rows at these places that are known. */
export function useRows(
  { filter, sort, columns }: ListQuery,
  places: readonly number[],
): Map<number, ContactRow> {
  const pages = [...new Set(places.map((at) => Math.floor(at / PAGE)))];
  const answers = useQueries({
    queries: pages.map((page) => {
      const request: PageRequest = { filter, sort, columns, from: page * PAGE, limit: PAGE };
      return {
        queryKey: ['contacts.page', request],
        queryFn: () => call('contacts.page', request),
        gcTime: KEPT_MS,
        refetchInterval: (query: { state: { data?: { settling: boolean } | undefined } }) =>
          query.state.data?.settling ? SETTLING_MS : false,
      } as const;
    }),
  });
  const rows = new Map<number, ContactRow>();
  for (const [at, { data }] of answers.entries()) {
    const begin = (pages[at] ?? 0) * PAGE;
    for (const [offset, row] of (data?.rows ?? []).entries()) rows.set(begin + offset, row);
  }
  return rows;
}
