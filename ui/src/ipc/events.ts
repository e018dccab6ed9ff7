/** What the host tells without being asked. */
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { HostEvent, Job } from './bindings';
import { host } from './host';
import { spends } from './queries';

type Kind = HostEvent['kind'];
type Of<K extends Kind> = Extract<HostEvent, { kind: K }>;

const listeners = new Set<(event: HostEvent) => void>();
const jobWatchers = new Set<() => void>();
const toldWatchers = new Set<() => void>();
let jobs: readonly Job[] = [];
/** What the host told last while no workspace was open. */
let told: string | null = null;

/** Answers are not asked for anew more often than this, however quickly the workspace changes. */
const REFRESH_MS = 400;

/** Begins to listen; answers go stale when the workspace changes. */
export async function listenToHost(client: QueryClient): Promise<void> {
  let waits = false;
  const refresh = () => {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      void client.invalidateQueries({ predicate: (query) => !spends(query) });
    }, REFRESH_MS);
  };
  await host().listen((event) => {
    if (event.kind === 'changed') refresh();
    if (event.kind === 'told') setTold(event.text);
    if (event.kind === 'opened') {
      setTold(null);
      setJobs([]);
      void client.resetQueries();
    }
    if (event.kind === 'jobs') {
      // What a job has done by its end is not always followed by another change.
      if (event.jobs.length < jobs.length) refresh();
      setJobs(event.jobs);
    }
    for (const listener of listeners) listener(event);
  });
}

function setJobs(now: readonly Job[]): void {
  jobs = now;
  for (const watcher of jobWatchers) watcher();
}

function setTold(text: string | null): void {
  told = text;
  for (const watcher of toldWatchers) watcher();
}

/** Returns what the host told last since a workspace was opened or closed, such as why the last one can't be opened. */
export function useTold(): string | null {
  return useSyncExternalStore(
    (watcher) => {
      toldWatchers.add(watcher);
      return () => toldWatchers.delete(watcher);
    },
    () => told,
  );
}

/** Returns what is being done on the workspace, by this and by other programs, the eldest first. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(
    (watcher) => {
      jobWatchers.add(watcher);
      return () => jobWatchers.delete(watcher);
    },
    () => jobs,
  );
}

/** Calls `then` whenever something of this kind happens, while the component is there. `then` must be stable. */
export function useHostEvent<K extends Kind>(kind: K, then: (event: Of<K>) => void): void {
  useEffect(() => {
    const listener = (event: HostEvent) => {
      if (event.kind === kind) then(event as Of<K>);
    };
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }, [kind, then]);
}
