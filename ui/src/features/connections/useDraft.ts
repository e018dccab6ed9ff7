/** A set-up as it is typed: kept with every change, so that it can be left at any step. */
import { useEffect, useRef, useState } from 'react';
import type { Draft } from '../../ipc/bindings';
import { call } from '../../ipc/call';
import { PRODUCTION } from './draft';

const PAUSE_MS = 250;

/** Returns the set-up, how to change it, and how to keep it at once. Only what `begun` was at first counts. */
export function useDraft(begun: Draft) {
  const [draft, setDraft] = useState(begun);
  const first = useRef(begun);
  const latest = useRef(begun);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // One after the other: the first one gives the number that the others need.
  const saving = useRef<Promise<unknown>>(Promise.resolve());
  const isOver = useRef(false);

  const keep = () => {
    clearTimeout(timer.current);
    saving.current = saving.current
      .then(async () => {
        if (isOver.current || !holdsAnything(latest.current)) return;
        const { number } = await call('connections.save_draft', latest.current);
        latest.current = { ...latest.current, number };
      })
      // What was typed is still here; the next change tries again.
      .catch(() => {});
    return saving.current;
  };
  const change = (part: Partial<Draft>) => {
    latest.current = { ...latest.current, ...part };
    setDraft(latest.current);
    clearTimeout(timer.current);
    timer.current = setTimeout(keep, PAUSE_MS);
  };
  const discard = async () => {
    clearTimeout(timer.current);
    isOver.current = true;
    await saving.current;
    if (latest.current.number > 0) {
      await call('connections.discard_draft', { number: latest.current.number });
    }
  };
  // Leaving the screen within the pause loses nothing.
  const pending = useRef(keep);
  pending.current = keep;
  useEffect(
    () => () => {
      const { current } = latest;
      if (current !== first.current && current.connection === null) void pending.current();
    },
    [],
  );
  return { draft, change, keep, discard };
}

/** Tells whether there is something in a set-up that would be lost; a choice, and the address that comes with it, is none. */
function holdsAnything(draft: Draft): boolean {
  const { number, name, host, client_id: consumerKey, username, contact_email: email, key } = draft;
  return (
    number > 0 ||
    draft.connection !== null ||
    key !== null ||
    draft.ticked.length > 0 ||
    [name, host === PRODUCTION ? '' : host, consumerKey, username, email].some((text) => text.trim() !== '')
  );
}
