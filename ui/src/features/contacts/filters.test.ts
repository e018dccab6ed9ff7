import { expect, test } from 'vitest';
import type { ContactsFilter } from '../../ipc/bindings';
import { chips, withDelivery, withPoints } from './filters';

const known = { fields: [], imports: [] };

test('each part of a filter is a chip, and without the chip it is gone', () => {
  const filter: ContactsFilter = {
    deliveries: ['blocked', 'given_up'],
    points: [{ score: 'Engagement', at_least: 40 }],
    conditions: [{ field: 'city', op: 'equals', value: 'Oslo' }],
    segment: 'Worth a call',
    deleted: true,
  };
  const found = chips(filter, known);
  expect(found.map(({ label }) => label)).toEqual([
    'Blocked or Given up',
    'Engagement at least 40',
    'city is Oslo',
    'In Worth a call',
    'Deleted',
  ]);
  expect(found[0]?.without.deliveries).toBeUndefined();
  expect(found[2]?.without.conditions).toEqual([]);
  expect(found[3]?.without.segment).toBeUndefined();
  expect(found[4]?.without.deleted).toBeUndefined();
});

test('a state is let through once, and a score has one least number', () => {
  const twice = withDelivery(withDelivery({}, 'blocked'), 'blocked');
  expect(twice.deliveries).toEqual(['blocked']);
  const least = withPoints(withPoints({}, { score: 'A', at_least: 1 }), { score: 'A', at_least: 9 });
  expect(least.points).toEqual([{ score: 'A', at_least: 9 }]);
});
