/** The contacts behind a number of the plan, page by page. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ContactId, HostError, PlanDecision, PlannedLine, WhyNot } from '../../ipc/bindings';
import { call } from '../../ipc/call';
import type { Reason } from './Reasons';

/** What a plan counts. */
export type Tile = PlanDecision | 'unchanged' | 'left_out' | 'remarked';

/** A contact, with what a run would do with it, or why it would do nothing. */
export type Line = { contact: string; name: string; email: string | null; company: string | null } & (
  | { decision: PlanDecision; planned: PlannedLine }
  | { why: WhyNot }
);

type Page = { lines: Line[]; next: ContactId | null };

const PAGE = 100;

export function usePlanned(name: string, tile: Tile, reason: Reason = {}, search = '') {
  const pages = useInfiniteQuery<Page, HostError, { pages: Page[] }, unknown[], ContactId | null>({
    // The concept comes first: who makes plans stale makes this stale, too.
    queryKey: ['replications.planned', { name, tile, reason, search }],
    queryFn: ({ pageParam }) => page(name, tile, reason, search.trim(), pageParam),
    initialPageParam: null,
    getNextPageParam: ({ next }) => next,
  });
  const lines = pages.data?.pages.flatMap((page) => page.lines) ?? [];
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  // Where such contacts are rare, a page may be empty with more to come.
  const short = hasNextPage && !isFetching && !isError && lines.length < PAGE;
  useEffect(() => {
    if (short) void fetchNextPage();
  }, [short, fetchNextPage]);
  return { ...pages, lines };
}

async function page(
  name: string,
  tile: Tile,
  { code, field, message, remark, why }: Reason,
  search: string,
  after: ContactId | null,
): Promise<Page> {
  const from = { name, limit: PAGE, ...(after === null ? {} : { after }) };
  if (tile === 'unchanged' || tile === 'left_out') {
    const { contacts, next } = await call('replications.unplanned', {
      ...from,
      unchanged: tile === 'unchanged',
      ...(why ? { why } : {}),
      ...(search ? { search } : {}),
    });
    return { lines: contacts, next };
  }
  const { contacts, next } = await call('replications.planned', {
    ...from,
    ...(tile === 'remarked' ? { remarked: true } : { decision: tile }),
    ...(code === undefined ? {} : { code }),
    ...(field === undefined ? {} : { field }),
    ...(message === undefined ? {} : { message }),
    ...(remark === undefined ? {} : { remark }),
    ...(search ? { search } : {}),
  });
  return { lines: contacts.map((planned) => ({ ...planned, planned })), next };
}
