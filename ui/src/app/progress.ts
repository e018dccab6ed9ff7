/** How far a job is as a whole: it goes through stages, and a bar that begins anew with each would jump back. */
import { useEffect, useRef, useState } from 'react';
import type { Job, JobKind } from '../ipc/bindings';

type Span = readonly [from: number, to: number];

const WHOLE: Span = [0, 1];

/** Which part of the whole a stage is; a kind that isn't named here has one stage. */
const stages: Partial<Record<JobKind, Record<string, Span>>> = {
  plan: { planning: [0, 0.5], matching: [0.5, 1] },
  run: { settling: [0, 0.05], planning: [0.05, 0.25], matching: [0.25, 0.5], sending: [0.5, 1] },
};

/** Returns how far a job is, between 0 and 1; null while nobody knows. */
export function partOf({ kind, stage, done, total }: Job): number | null {
  const span = stages[kind] ? stages[kind][stage] : WHOLE;
  if (!span || total === 0) return null;
  const [from, to] = span;
  return from + (to - from) * Math.min(1, done / total);
}

/** Returns how far a job is, and never less than before. */
export function usePart(job: Job | undefined): number | null {
  const id = job?.id;
  const part = job ? partOf(job) : null;
  const furthest = useRef<{ id: string | undefined; part: number | null }>({ id, part: null });
  const [shown, setShown] = useState<number | null>(null);
  useEffect(() => {
    const before = furthest.current.id === id ? furthest.current.part : null;
    const next = part === null ? before : Math.max(part, before ?? 0);
    furthest.current = { id, part: next };
    setShown(next);
  }, [id, part]);
  return shown;
}
