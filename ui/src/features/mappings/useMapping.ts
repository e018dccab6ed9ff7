/** The mapping that is being worked on: each edit is tried, saved at once where it can be, and can be undone. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { type HostError, type MappingEdit, type MappingGrid, stales } from '../../ipc/bindings';
import { asHostError, call } from '../../ipc/call';
import { outdate } from '../../ipc/queries';

type Step = { text: string; what: string };

type Work = {
  /** What is not saved, and why; null where the mapping in force is shown. */
  draft: { text: string; error: HostError; target: string | null } | null;
  /** Proposed rows that wait for a yes. */
  likely: string;
  /** The guid of the contact whose values are shown; null is the first. */
  sample: string | null;
  past: readonly Step[];
  future: readonly Step[];
  /** What was done last, for the status line. */
  said: string;
};

const NOTHING: Work = { draft: null, likely: '', sample: null, past: [], future: [], said: '' };

/** What is not saved outlives the screen: leaving a tab loses nothing. */
const kept = new Map<string, Work>();

/** Forgets all work in progress, as for another workspace. */
export function forgetWork(): void {
  kept.clear();
}

export type Mapping = ReturnType<typeof useMapping>;

export function useMapping(name: string) {
  const client = useQueryClient();
  // What comes next in turn may run before the page is drawn anew: it reads the work here.
  const latest = () => kept.get(name) ?? NOTHING;
  const [work, setWork] = useState(latest);
  const change = (part: Partial<Work>) => {
    const after = { ...latest(), ...part };
    kept.set(name, after);
    setWork(after);
  };
  const { draft, likely, sample } = work;
  const shown = { name, likely, ...(sample ? { sample } : {}) };
  const grid = useQuery<MappingGrid, HostError>({
    queryKey: draft ? ['mappings.try', { ...shown, text: draft.text }] : ['mappings.grid', shown],
    queryFn: () =>
      draft ? call('mappings.try', { ...shown, text: draft.text }) : call('mappings.grid', shown),
    placeholderData: keepPreviousData,
  });

  // One edit after the other: each starts from what the one before has made.
  const queue = useRef<Promise<void>>(Promise.resolve());

  /** Returns the text that an edit starts from: what waits to be saved, else what is in force at the host. */
  const current = async () => latest().draft?.text ?? (await call('mappings.grid', shown)).text;

  const save = async (text: string, target: string | null): Promise<HostError | null> => {
    try {
      await call('mappings.save', { name, text });
      change({ draft: null });
      await outdate(client, stales['mappings.save'] ?? []);
      return null;
    } catch (thrown) {
      const error = asHostError(thrown);
      change({ draft: { text, error, target } });
      return error;
    }
  };

  const inTurn = (act: () => Promise<void>): Promise<void> => {
    queue.current = queue.current.then(act).catch((thrown) => change({ said: asHostError(thrown).message }));
    return queue.current;
  };

  /** Makes edits; `likely` is what is left of the proposals afterwards. */
  const edit = (edits: MappingEdit[], what: string, target: string | null, left?: string) =>
    inTurn(async () => {
      const from = await current();
      try {
        const tried = await call('mappings.try', { name, text: from, edits });
        if (left !== undefined) change({ likely: left });
        if (tried.text === from) return;
        const error = await save(tried.text, target);
        change({
          past: [...latest().past, { text: from, what }],
          future: [],
          said: error ? `${what}. Not saved.` : `${what}. Saved.`,
        });
      } catch (thrown) {
        const error = asHostError(thrown);
        change({ draft: { text: from, error, target }, said: `${what}: not possible` });
      }
    });

  const step = (from: 'past' | 'future') =>
    inTurn(async () => {
      const before = latest();
      const last = before[from].at(-1);
      if (!last) return;
      const back = { text: await current(), what: last.what };
      const error = await save(last.text, null);
      const [past, future] =
        from === 'past'
          ? [before.past.slice(0, -1), [...before.future, back]]
          : [[...before.past, back], before.future.slice(0, -1)];
      const verb = from === 'past' ? 'Undone' : 'Redone';
      change({ past, future, said: `${verb}: ${last.what}${error ? '. Not saved.' : ''}` });
    });

  const autoMatch = () =>
    inTurn(async () => {
      const from = await current();
      try {
        const found = await call('mappings.auto_match', { name, text: from });
        change({ likely: found.likely });
        const what = matched(found.filled.length, found.likely_count);
        if (found.text === from) {
          change({ said: what });
          return;
        }
        await save(found.text, null);
        change({ past: [...latest().past, { text: from, what }], future: [], said: what });
      } catch (thrown) {
        change({ draft: { text: from, error: asHostError(thrown), target: null } });
      }
    });

  return {
    name,
    grid,
    work,
    edit,
    undo: () => step('past'),
    redo: () => step('future'),
    autoMatch,
    setLikely: (text: string) => change({ likely: text }),
    setSample: (guid: string) => change({ sample: guid }),
    /** Gives up what could not be saved. */
    discard: () => change({ draft: null, said: 'Changes discarded' }),
  };
}

function matched(filled: number, likely: number): string {
  if (filled + likely === 0) return 'No more matches';
  const parts = [];
  if (filled > 0) parts.push(`${filled} ${filled === 1 ? 'field' : 'fields'} filled`);
  if (likely > 0) parts.push(`${likely} likely, confirm each`);
  return parts.join(', ');
}

/** Returns the proposals without the row of a target. */
export function without(likely: string, row: string | null): string {
  return likely
    .split('\n')
    .filter((line) => line !== '' && line !== row)
    .join('\n');
}
