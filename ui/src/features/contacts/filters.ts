/** The filters of the list: each a chip that says what it lets through. */
import type {
  Condition,
  ContactFieldInfo,
  ContactsFilter,
  Delivery,
  LeastPoints,
  PastImport,
} from '../../ipc/bindings';
import { operatorWords, takesValue } from '../../words/conditions';

export const deliveryWords: Record<Delivery, string> = {
  blocked: 'Blocked',
  given_up: 'Given up',
  waiting: 'Waiting',
  changed: 'Changed since sent',
  linked: 'Linked to a record',
  left_out: 'Left out',
  not_sent: 'Never sent',
};

/** A chip: what it says, and the filter without it. */
export type FilterChip = { id: string; label: string; without: ContactsFilter };

type Known = { fields: readonly ContactFieldInfo[]; imports: readonly PastImport[] };

/** Returns a chip for each part of a filter, the words typed for searching excepted. */
export function chips(filter: ContactsFilter, { fields, imports }: Known): FilterChip[] {
  const { deliveries = [], points = [], conditions = [] } = filter;
  const labelOf = (name: string) => fields.find((field) => field.name === name)?.label ?? name;
  const found: FilterChip[] = [];
  if (deliveries.length > 0) {
    found.push({
      id: 'deliveries',
      label: deliveries.map((one) => deliveryWords[one]).join(' or '),
      without: omit(filter, 'deliveries'),
    });
  }
  for (const [at, { score, at_least: least }] of points.entries()) {
    found.push({
      id: `points ${score}`,
      label: `${score} at least ${least}`,
      without: { ...filter, points: points.filter((_, place) => place !== at) },
    });
  }
  for (const [at, { field, op, value }] of conditions.entries()) {
    found.push({
      id: `condition ${at} ${field}`,
      label: `${labelOf(field)} ${operatorWords[op]}${takesValue(op) ? ` ${String(value ?? '')}` : ''}`,
      without: { ...filter, conditions: conditions.filter((_, place) => place !== at) },
    });
  }
  if (filter.segment !== undefined) {
    found.push({ id: 'segment', label: `In ${filter.segment}`, without: omit(filter, 'segment') });
  }
  if (filter.import !== undefined) {
    const file = imports.find((one) => one.id === filter.import)?.file_name ?? 'an import';
    found.push({ id: 'import', label: `From ${file}`, without: omit(filter, 'import') });
  }
  if (filter.deleted) found.push({ id: 'deleted', label: 'Deleted', without: omit(filter, 'deleted') });
  return found;
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
