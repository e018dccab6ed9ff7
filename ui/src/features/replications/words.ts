/** Words for what replications, queue entries and runs are in. */
import type { Tone } from '../../components/Chip';
import type { EntryState, OrgKind, ReplicationState, RunState } from '../../ipc/bindings';
import type { Tile } from './usePlanned';

type Word = { word: string; tone: Tone };

export const replicationWords: Record<ReplicationState, Word> = {
  running: { word: 'Running', tone: 'accent' },
  ready: { word: 'Ready', tone: 'done' },
  needs_set_up: { word: 'Needs set-up', tone: 'look' },
  paused: { word: 'Paused', tone: 'idle' },
  error: { word: 'Stopped', tone: 'fail' },
};

export const entryWords: Record<EntryState, Word> = {
  pending: { word: 'Waiting', tone: 'idle' },
  sending: { word: 'Being sent', tone: 'accent' },
  done: { word: 'Sent', tone: 'done' },
  blocked: { word: 'Blocked', tone: 'fail' },
  given_up: { word: 'Given up', tone: 'fail' },
  withdrawn: { word: 'Withdrawn', tone: 'idle' },
  held: { word: 'Held', tone: 'look' },
};

export const runWords: Record<RunState, Word> = {
  running: { word: 'Running', tone: 'accent' },
  finished: { word: 'Finished', tone: 'done' },
  stopped: { word: 'Stopped', tone: 'fail' },
  cancelled: { word: 'Cancelled', tone: 'look' },
  interrupted: { word: 'Interrupted', tone: 'look' },
};

export const orgWords: Record<OrgKind, string> = {
  production: 'production',
  sandbox: 'sandbox',
  practice: 'practice',
  unknown: 'kind not known yet',
};

export const tileWords: Record<Tile, string> = {
  create: 'to create',
  update: 'to update',
  match_pending: 'still to be matched',
  unchanged: 'unchanged',
  blocked: 'blocked',
  left_out: 'left out',
};

/** Returns an object's name in the plural, as in *leads*. */
export function plural(object: string): string {
  return `${object.toLowerCase()}s`;
}
