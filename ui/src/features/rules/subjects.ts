/**
 * What a rule can ask for: fields, points, activities, segments, email lists, consent, and what Salesforce holds of the
 * linked record.
 */
import type { Askable, ContactFieldInfo } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { operatorsOf, operatorWords } from '../../words/conditions';
import { standings } from '../../words/consents';

/** Something that a rule can ask for; the id says what kind of thing it is, such as `field:city`. */
export type Subject = { id: string; label: string; group: string; kind: string };

const accountFields = [
  'name',
  'website',
  'phone',
  'street',
  'city',
  'state',
  'postal_code',
  'country',
  'industry',
  'notes',
];

type Known = {
  fields: readonly ContactFieldInfo[];
  scores: readonly string[];
  activities: readonly string[];
  segments: readonly string[];
  lists: readonly string[];
  purposes: readonly string[];
  /** What pulls have read; nothing before the first. */
  salesforce?: Askable;
};

/** Returns everything that can be asked for, group by group. */
function subjectsOf(known: Known): Subject[] {
  const { fields, scores, activities, segments, lists, purposes, salesforce } = known;
  const named = (group: string, kind: string, names: readonly string[], words: (name: string) => string) =>
    names.map((name) => ({ id: `${kind}:${name}`, label: words(name), group, kind }));
  return [
    ...fields.map(({ name, label, kind }) => ({ id: `field:${name}`, label, group: 'Contact', kind })),
    ...accountFields.map((name) => ({
      id: `field:account:${name}`,
      label: `Account ${name.replace('_', ' ')}`,
      group: 'Account',
      kind: 'text',
    })),
    ...named('Points', 'points', scores, (name) => `Points in ${name}`),
    ...named('Activities', 'activity', activities, (name) => name),
    ...named('Segments', 'segment', segments, (name) => `Segment ${name}`),
    ...named('Email lists', 'list', lists, (name) => `Email list ${name}`),
    ...named('Consent', 'consent', purposes, (path) => `Consent to ${path}`),
    ...['any', 'Lead', 'Contact'].map((object) => ({
      id: `link:${object}`,
      label: object === 'any' ? 'Record in Salesforce' : `${object} in Salesforce`,
      group: 'Salesforce',
      kind: 'link',
    })),
    ...(salesforce ? mirrored(salesforce) : []),
  ];
}

const opportunityStates = {
  any: 'Opportunities',
  open: 'Open opportunities',
  closed: 'Closed opportunities',
  won: 'Won opportunities',
  lost: 'Lost opportunities',
};

/** Returns what pulls have read, with the org's labels. */
function mirrored({ fields, opportunities, campaigns, campaign_names }: Askable): Subject[] {
  const states = opportunities ? Object.entries(opportunityStates) : [];
  const named = campaigns ? ['any', ...campaign_names] : [];
  return [
    ...states.map(([state, label]) => ({
      id: `opportunities:${state}`,
      label,
      group: 'Salesforce opportunities',
      kind: 'opportunities',
    })),
    ...named.map((name) => ({
      id: `campaign:${name}`,
      label: name === 'any' ? 'Any campaign' : `Campaign ${name}`,
      group: 'Salesforce campaigns',
      kind: 'campaign',
    })),
    ...fields.map(({ name, label, group, kind }) => ({ id: `field:${name}`, label, group, kind })),
  ];
}

/** Asks for everything that rules can ask for. */
export function useSubjects(): Subject[] {
  const fields = useAsk('contacts.fields', {}).data ?? [];
  const scores = useAsk('scores.list', {}).data ?? [];
  const types = useAsk('activities.types', {}).data ?? [];
  const segments = useAsk('segments.list', {}).data ?? [];
  const lists = useAsk('segments.email_lists', {}).data ?? [];
  const purposes = useAsk('consents.paths', {}).data ?? [];
  const salesforce = useAsk('mirror.askable', {}).data;
  const names = (all: readonly { name: string }[]) => all.map((one) => one.name);
  return subjectsOf({
    fields,
    scores: names(scores),
    activities: names(types),
    segments: names(segments),
    lists: names(lists),
    purposes,
    salesforce,
  });
}

export type Choice = { name: string; label: string };

const comparisons: readonly Choice[] = [
  { name: 'at_least', label: 'at least' },
  { name: 'at_most', label: 'at most' },
  { name: 'equals', label: 'exactly' },
];

const fixed: Record<string, readonly Choice[]> = {
  points: comparisons,
  activity: [
    { name: 'did', label: 'at any time' },
    { name: 'did_within', label: 'in the last' },
    { name: 'did_not', label: 'never' },
    { name: 'did_not_within', label: 'not in the last' },
    { name: 'last_before', label: 'last time more than' },
  ],
  segment: [
    { name: 'in', label: 'is a member' },
    { name: 'not_in', label: 'isn’t a member' },
    { name: 'exited', label: 'was a member' },
  ],
  list: [
    { name: 'on', label: 'includes the email' },
    { name: 'not_on', label: 'doesn’t include the email' },
  ],
  consent: [...standings.map(({ value, label }) => ({ name: value, label: label.toLowerCase() }))],
  opportunities: [
    { name: 'at_least', label: 'at least' },
    { name: 'at_most', label: 'at most' },
    { name: 'equals', label: 'exactly' },
    { name: 'any_number', label: 'any number' },
  ],
  campaign: [
    { name: 'member', label: 'is a member' },
    { name: 'not_member', label: 'isn’t a member' },
    { name: 'responded', label: 'has responded' },
    { name: 'not_responded', label: 'hasn’t responded' },
  ],
  link: [
    { name: 'linked', label: 'exists' },
    { name: 'not_linked', label: 'doesn’t exist' },
    { name: 'deleted', label: 'was deleted' },
    { name: 'converted', label: 'was converted' },
  ],
};

const relative = ['within_last', 'longer_ago', 'within_next', 'anniversary_within'] as const;

/** Returns how a subject can be asked for, the usual way first. */
export function waysOf(kind: string): readonly Choice[] {
  const known = fixed[kind];
  if (known) return known;
  const operators = [...operatorsOf(kind)];
  if (kind === 'date_time') operators.unshift(...relative.slice(0, 3));
  if (kind === 'date') operators.unshift(...relative);
  if (kind === 'text' || kind === 'long_text') operators.push('not_contains', 'one_of', 'none_of');
  return operators.map((name) => ({ name, label: operatorWords[name] }));
}

export { comparisons };
