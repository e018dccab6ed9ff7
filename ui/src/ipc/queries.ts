/** Questions and acts for components: answers are kept, and asked for again when they go stale. */
import {
  keepPreviousData,
  type Query,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { asksOrg, type HostError, stales } from './bindings';
import { type Answer, act, call, type Name, type Params } from './call';

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The host is on this machine: whether the network is there is its business, and it says when something changes.
      queries: { networkMode: 'always', retry: false, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** What was asked of an org is good for this long: a look at it again costs calls. */
const ORG_STALE_MS = 5 * 60_000;

type AskOptions = {
  /** Asks only when true. */
  enabled?: boolean;
  /** Shows the answer before while new parameters are being asked for. */
  keep?: boolean;
  /** Asks again every so many milliseconds. */
  everyMs?: number | false;
};

/** Returns the answer to a question. */
export function useAsk<N extends Name>(
  name: N,
  params: Params<N>,
  options: AskOptions = {},
): UseQueryResult<Answer<N>, HostError> {
  return useQuery<Answer<N>, HostError>({
    queryKey: [name, params],
    queryFn: () => call(name, params),
    enabled: options.enabled ?? true,
    placeholderData: options.keep ? keepPreviousData : undefined,
    refetchInterval: options.everyMs ?? false,
    ...(asksOrg.has(name) ? { staleTime: ORG_STALE_MS } : {}),
  });
}

/**
 * Tells whether asking again may cost API calls. That a call was made is itself a change of the workspace, so such a question
 * would be asked without end if changes made it stale.
 */
export function spends({ queryKey: [name], state }: Query): boolean {
  if (typeof name !== 'string' || !asksOrg.has(name)) return false;
  const answer = state.data as { calls: number } | undefined;
  return state.status !== 'success' || (answer?.calls ?? 0) > 0;
}

/** What follows an act. It follows also where the component that asked for it is gone by then, as a saved form may be. */
type Then<N extends Name> = {
  onSuccess?: (answer: Answer<N>) => void;
  onError?: (error: HostError) => void;
};

type Act<N extends Name> = Omit<UseMutationResult<Answer<N>, HostError, Params<N>>, 'mutate'> & {
  mutate: (params: Params<N>, then?: Then<N>) => void;
};

/** Returns an act: `mutate` does it, and what it makes stale is asked for again. */
export function useDo<N extends Name>(name: N): Act<N> {
  const client = useQueryClient();
  const mutation = useMutation<Answer<N>, HostError, Params<N>>({
    mutationKey: [name],
    mutationFn: (params) => act(name, params),
    onSettled: () => outdate(client, stales[name] ?? []),
  });
  const { mutateAsync } = mutation;
  const mutate = (params: Params<N>, { onSuccess, onError }: Then<N> = {}) =>
    void mutateAsync(params).then(onSuccess, onError ?? (() => {}));
  return { ...mutation, mutate };
}

/** Makes every kept answer about these concepts stale. */
export function outdate(client: QueryClient, concepts: readonly string[]): Promise<void> {
  return client.invalidateQueries({
    predicate: (query) => {
      const name = query.queryKey[0];
      return typeof name === 'string' && concepts.includes(name.split('.', 1)[0] ?? '');
    },
  });
}
