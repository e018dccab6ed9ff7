/** Preferences of the window: they say how it looks, and the product's work never rests on them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { JsonValue } from './bindings';
import { call } from './call';

/** Returns a preference and how to set it; `fallback` until it was ever set. */
export function usePreference<T extends JsonValue>(key: string, fallback: T): [T, (value: T) => void] {
  const client = useQueryClient();
  const queryKey = ['shell.preference', { key }];
  const { data } = useQuery({
    queryKey,
    queryFn: () => call('shell.preference', { key }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { mutate } = useMutation({
    mutationFn: (value: T) => call('shell.set_preference', { key, value }),
    onMutate: (value) => {
      client.setQueryData(queryKey, value);
      // An answer that is under way would bring back what was set before.
      void client.cancelQueries({ queryKey });
    },
  });
  return [(data ?? fallback) as T, mutate];
}
