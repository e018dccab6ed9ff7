/** The filters of the list: each a chip that says what it lets through. */

import { count } from '../../components/numbers';
import { shownDate, shownNumber } from '../../components/written';
import type {
  Condition,
  ContactFieldInfo,
  ContactsFilter,
  Delivery,
  LeastPoints,
  NamedPlace,
  PastImport,
} from '../../ipc/bindings';
import { isNumber, operatorWords, takesValue } from '../../words/conditions';
import { answerWords } from '../../words/consents';
import { deliveryWords } from '../../words/sending';

/** A chip: what it says, and the filter without it. */
export type FilterChip = { id: string; label: string; without: ContactsFilter };

type Known = {
  fields: readonly ContactFieldInfo[];
  imports: readonly PastImport[];
  /** The countries and states that conditions may name. */
  places: readonly NamedPlace[];
};

/** Returns a chip for each part of a filter, the words typed for searching excepted. */
export function chips(filter: ContactsFilter, { fields, imports, places }: Known): FilterChip[] {
  const { deliveries = [], points = [], conditions = [] } = filter;
  const found: FilterChip[] = [];
  if (deliveries.length > 0) {
    found.push({
      id: 'deliveries',
      label: deliveries.map((one) => deliveryWords[one].word).join(' or '),
      without: omit(filter, 'deliveries'),
    });
  }
  for (const [at, { score, at_least: least }] of points.entries()) {
    found.push({
      id: `points ${score}`,
      label: `${score}: ${count(least)} points or more`,
      without: { ...filter, points: points.filter((_, place) => place !== at) },
    });
  }
  for (const [at, { field, op, value }] of conditions.entries()) {
    found.push({
      id: `condition ${at} ${field}`,
      label: said({ field, op, value: value ?? '' }, fields, places),
      without: { ...filter, conditions: conditions.filter((_, place) => place !== at) },
    });
  }
  if (filter.segment !== undefined) {
    found.push({ id: 'segment', label: `In ${filter.segment}`, without: omit(filter, 'segment') });
  }
  if (filter.consent) {
    found.push({
      id: 'consent',
      label: `${filter.consent.consent}: ${answerWords[filter.consent.is]}`,
      without: omit(filter, 'consent'),
    });
  }
  if (filter.import !== undefined) {
    const file = imports.find((one) => one.id === filter.import)?.file_name ?? 'an import';
    found.push({ id: 'import', label: `From ${file}`, without: omit(filter, 'import') });
  }
  if (filter.deleted) found.push({ id: 'deleted', label: 'Deleted', without: omit(filter, 'deleted') });
  return found;
}

/** Returns a condition as people read it. */
function said(
  { field: name, op, value }: Condition,
  fields: readonly ContactFieldInfo[],
  places: readonly NamedPlace[],
): string {
  const field = fields.find((one) => one.name === name);
  const begin = `${field?.label ?? name} ${operatorWords[op]}`;
  if (!takesValue(op)) return begin;
  const text = String(value);
  const kind = field?.kind ?? 'text';
  if (isNumber(kind)) return `${begin} ${shownNumber(text)}`;
  if (kind === 'date' || kind === 'date_time') return `${begin} ${shownDate(text)}`;
  return `${begin} ${places.find(({ code }) => code === text)?.name ?? text}`;
}

function omit(filter: ContactsFilter, key: keyof ContactsFilter): ContactsFilter {
  const { [key]: _, ...rest } = filter;
  return rest;
}

export function withDelivery(filter: ContactsFilter, delivery: Delivery): ContactsFilter {
  const before = filter.deliveries ?? [];
  return before.includes(delivery) ? filter : { ...filter, deliveries: [...before, delivery] };
}

/** One least number a score: a second one replaces the first. */
export function withPoints(filter: ContactsFilter, least: LeastPoints): ContactsFilter {
  const others = (filter.points ?? []).filter(({ score }) => score !== least.score);
  return { ...filter, points: [...others, least] };
}

export function withCondition(filter: ContactsFilter, condition: Condition): ContactsFilter {
  return { ...filter, conditions: [...(filter.conditions ?? []), condition] };
}
