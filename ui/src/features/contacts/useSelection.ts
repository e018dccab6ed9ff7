/** Which contacts are ticked. */
import { useState } from 'react';

/** As many as an act on many contacts takes. */
export const MOST_TICKED = 10_000;

export function useSelection() {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  return {
    ticked,
    toggle: (guid: string) =>
      setTicked((before) => {
        const next = new Set(before);
        if (!next.delete(guid) && next.size < MOST_TICKED) next.add(guid);
        return next;
      }),
    /** Ticks more; none of those that are ticked is taken away. */
    add: (guids: readonly string[]) =>
      setTicked((before) => new Set([...before, ...guids].slice(0, MOST_TICKED))),
    clear: () => setTicked(new Set()),
  };
}

export type Selection = ReturnType<typeof useSelection>;
