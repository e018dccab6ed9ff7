import { expect, test } from 'vitest';
import { setLocale } from '../../components/locale';
import type { Condition, ContactsFilter } from '../../ipc/bindings';
import { chips, withDelivery, withPoints } from './filters';

const fields = [
  { name: 'custom:Joined', label: 'Joined', kind: 'date' },
  { name: 'custom:Price', label: 'Price', kind: 'decimal' },
  { name: 'country', label: 'Country', kind: 'text' },
].map((field) => ({ ...field, scale: null, writable: true, custom: false }));
const known = { fields, imports: [], places: [{ code: 'DE', name: 'Germany' }] };

test('each part of a filter is a chip, and without the chip it is gone', () => {
  const filter: ContactsFilter = {
    deliveries: ['blocked', 'given_up'],
    points: [{ score: 'Engagement', at_least: 40 }],
    conditions: [{ field: 'city', op: 'equals', value: 'Oslo' }],
    segment: 'Worth a call',
    consent: { consent: 'Newsletter > Weekly', is: 'not_asked' },
    deleted: true,
  };
  const found = chips(filter, known);
  expect(found.map(({ label }) => label)).toEqual([
    'Blocked or Failed',
    'Engagement: 40 points or more',
    'city is Oslo',
    'In Worth a call',
    'Newsletter > Weekly: Not asked',
    'Deleted',
  ]);
  expect(found[0]?.without.deliveries).toBeUndefined();
  expect(found[2]?.without.conditions).toEqual([]);
  expect(found[3]?.without.segment).toBeUndefined();
  expect(found[4]?.without.consent).toBeUndefined();
  expect(found[5]?.without.deleted).toBeUndefined();
});

test('a state is let through once, and a score has one least number', () => {
  const twice = withDelivery(withDelivery({}, 'blocked'), 'blocked');
  expect(twice.deliveries).toEqual(['blocked']);
  const least = withPoints(withPoints({}, { score: 'A', at_least: 1 }), { score: 'A', at_least: 9 });
  expect(least.points).toEqual([{ score: 'A', at_least: 9 }]);
});

test('values are said as they are read here, never as they are stored', () => {
  setLocale('de-DE');
  const conditions: Condition[] = [
    { field: 'custom:Joined', op: 'after', value: '2026-01-31' },
    { field: 'custom:Price', op: 'at_least', value: 1234.5 },
    { field: 'country', op: 'equals', value: 'DE' },
  ];
  expect(chips({ conditions }, known).map(({ label }) => label)).toEqual([
    'Joined after 31.01.2026',
    'Price at least 1.234,5',
    'Country is Germany',
  ]);
  setLocale(null);
});
