/** How far contacts have got on their way to Salesforce, in words: one word per state, on every screen. */
import type { Tone } from '../components/Chip';
import type { Delivery, EntryState } from '../ipc/bindings';

/** `short` stands in for the word where it has no room. */
export type Word = { word: string; short?: string; tone: Tone };

/** Where a contact stands in one replication. */
export const entryWords: Record<EntryState, Word> = {
  pending: { word: 'Waiting', tone: 'idle' },
  sending: { word: 'Being sent', tone: 'accent' },
  done: { word: 'Sent', tone: 'done' },
  blocked: { word: 'Blocked', tone: 'fail' },
  given_up: { word: 'Failed', tone: 'fail' },
  withdrawn: { word: 'Left out', tone: 'idle' },
  held: { word: 'On hold', tone: 'look' },
};

/** How far a contact has got over all replications. */
export const deliveryWords: Record<Delivery, Word> = {
  blocked: { word: 'Blocked', tone: 'fail' },
  given_up: { word: 'Failed', tone: 'fail' },
  waiting: { word: 'Waiting', tone: 'idle' },
  changed: { word: 'Changed since sent', short: 'Changed', tone: 'look' },
  linked: { word: 'Linked', tone: 'done' },
  left_out: { word: 'Left out', tone: 'idle' },
  not_sent: { word: 'Not sent yet', tone: 'idle' },
};

/** What became of a send. */
export const outcomeWords: Record<string, Word> = {
  created: { word: 'Created', tone: 'done' },
  updated: { word: 'Updated', tone: 'done' },
  refused: { word: 'Refused', tone: 'fail' },
  retry: { word: 'Retried later', tone: 'look' },
  lost: { word: 'No answer', tone: 'look' },
  unanswered: { word: 'No answer yet', tone: 'look' },
  blocked: { word: 'Blocked', tone: 'fail' },
  deleted: { word: 'Deleted by undo', tone: 'look' },
  restored: { word: 'Restored by undo', tone: 'look' },
};
