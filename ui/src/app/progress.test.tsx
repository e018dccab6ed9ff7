import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Job } from '../ipc/bindings';
import { jobTitle } from './jobs';
import { partOf, usePart } from './progress';

const job = (part: Partial<Job>): Job => ({
  id: 'a',
  kind: 'run',
  title: 'Leads',
  stage: 'planning',
  done: 0,
  total: 100,
  since: 0,
  cancelling: false,
  ...part,
});

test('a job is named once, also where what it works on has the name of its kind', () => {
  expect(jobTitle(job({ kind: 'pull', title: 'Pull' }))).toBe('Pull');
  expect(jobTitle(job({ kind: 'pull', title: 'Weekly' }))).toBe('Pull: Weekly');
});

test('the bar of a run never goes back when the next stage begins', () => {
  const { result, rerender } = renderHook(({ now }) => usePart(now), {
    initialProps: { now: job({ stage: '', total: 0 }) },
  });
  const seen: number[] = [];
  expect(result.current).toBeNull();
  for (const now of [
    job({ stage: 'planning', done: 100 }),
    job({ stage: 'matching', done: 50 }),
    job({ stage: 'sending', done: 0 }),
    job({ stage: 'waiting', done: 0, total: 0 }),
    job({ stage: 'matching', done: 10 }),
    job({ stage: 'sending', done: 100 }),
  ]) {
    rerender({ now });
    seen.push(result.current ?? 0);
  }
  expect(seen).toEqual([...seen].sort((one, other) => one - other));
  expect(seen.at(-1)).toBe(1);
});

test('another job begins at its own place', () => {
  const { result, rerender } = renderHook(({ now }) => usePart(now), {
    initialProps: { now: job({ stage: 'sending', done: 100 }) },
  });
  rerender({ now: job({ id: 'b', kind: 'import', stage: 'reading', done: 10 }) });
  expect(result.current).toBe(0.1);
});

test('a job whose size nobody knows has no part', () => {
  expect(partOf(job({ kind: 'sign_in', total: 0 }))).toBeNull();
});
