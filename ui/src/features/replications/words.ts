/** Words for the states of replications and runs, and for what a plan says of a contact. */
import { counted } from '../../components/numbers';
import type { ApiCosts, OrgKind, RunInfo, RunState, WhyNot } from '../../ipc/bindings';
import type { Word } from '../../words/sending';
import type { Tile } from './usePlanned';

export const runWords: Record<RunState, Word> = {
  running: { word: 'Running', tone: 'accent' },
  finished: { word: 'Finished', tone: 'done' },
  stopped: { word: 'Stopped', tone: 'fail' },
  cancelled: { word: 'Canceled', tone: 'look' },
  interrupted: { word: 'Interrupted', tone: 'look' },
};

type Stopped = Pick<RunInfo, 'state' | 'stop_kind' | 'waiting'>;

/** Returns what a run is in. */
export function runWord(run: Stopped): Word {
  return waitsForCalls(run) ? { word: 'Waiting for API calls', tone: 'look' } : runWords[run.state];
}

/** Tells whether a run goes on by itself: it has stopped for want of API calls, and no other has gone on since. */
export function waitsForCalls({ state, stop_kind, waiting }: Stopped): boolean {
  return state === 'stopped' && stop_kind === 'limit' && (waiting ?? 0) > 0;
}

export const orgWords: Record<OrgKind, string> = {
  production: 'production',
  sandbox: 'sandbox',
  practice: 'practice',
  unknown: 'not known yet',
};

/** Why a plan would do nothing about a contact: completes *This contact …*. */
export const whyNotWords: Record<WhyNot, string> = {
  same: 'is already up to date in Salesforce',
  went_once: 'was already sent, and each contact is sent once',
  do_not_send: 'is marked “do not send”',
  not_consented: 'hasn’t given the consent required under Who',
  opted_out: 'opted out of email',
  not_in_segments: 'isn’t in the segments chosen under Who',
  below_minimum: 'hasn’t reached the minimum points',
  held: 'is on hold',
  converted: 'was converted in Salesforce, and the replication to contacts updates it',
  contact_there: 'is a Contact in Salesforce',
  lead_there: 'is a Lead in Salesforce',
  partner: 'goes through the partner replication',
  not_found: 'isn’t in Salesforce, and this replication only updates',
};

/** The same for a list of reasons. */
export const reasonWords: Record<WhyNot, string> = {
  same: 'Already up to date in Salesforce',
  went_once: 'Already sent, and each contact is sent once',
  do_not_send: 'Marked “do not send”',
  not_consented: 'Without the consent required under Who',
  opted_out: 'Opted out of email',
  not_in_segments: 'Not in the segments chosen under Who',
  below_minimum: 'Below the minimum points',
  held: 'On hold',
  converted: 'Converted in Salesforce, and updated by the replication to contacts',
  contact_there: 'A Contact in Salesforce',
  lead_there: 'A Lead in Salesforce',
  partner: 'Sent by the partner replication',
  not_found: 'Not in Salesforce, and this replication only updates',
};

export const tileWords: Record<Tile, string> = {
  create: 'to create',
  update: 'to update',
  match_pending: 'not matched yet',
  unchanged: 'unchanged',
  blocked: 'blocked',
  left_out: 'left out',
  remarked: 'with values that are shortened, left out or changed',
};

/** The same once a run has done it. */
export const plannedWords: Partial<Record<Tile, string>> = {
  create: 'planned as new records',
  update: 'planned as updates',
};

const whyWords: Record<ApiCosts['why'], string> = {
  chosen: 'as set',
  cheaper: 'fewest calls',
  assignment_rules: 'Bulk API can’t run assignment rules',
  duplicate_rules: 'Bulk API can’t save duplicates',
};

/** Says which API sends, why, and what the other one would cost. */
export function wayWords({ way, why, collections, bulk }: ApiCosts): string {
  const other =
    way === 'bulk'
      ? `, Collections: ${counted(collections, 'call')}`
      : bulk === null
        ? ''
        : `, Bulk API: ${counted(bulk, 'call')}`;
  return `by ${way === 'bulk' ? 'Bulk API' : 'Collections'} (${whyWords[why]}${other})`;
}

/** Returns an object's name in the plural, as in *leads*. */
export function plural(object: string): string {
  return `${object.toLowerCase()}s`;
}
