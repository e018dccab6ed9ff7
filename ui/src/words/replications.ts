/** The states of replications and consent syncs, in words: one word per state, on every screen. */
import type { ReplicationState } from '../ipc/bindings';
import type { Word } from './sending';

export const replicationWords: Record<ReplicationState, Word> = {
  running: { word: 'Running', tone: 'accent' },
  ready: { word: 'Ready', tone: 'done' },
  needs_set_up: { word: 'Needs setup', tone: 'look' },
  paused: { word: 'Disabled', tone: 'idle' },
  error: { word: 'Stopped', tone: 'fail' },
};
