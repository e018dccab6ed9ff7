import { expect, test } from 'vitest';
import type { MapValues } from '../../ipc/bindings';
import { isOffered, linesOf, mapOf } from './pairs';

const values: MapValues = {
  here: [
    { value: 'Trade fair', contacts: 40, known: false },
    { value: 'Web', contacts: 30, known: true },
    { value: 'Flyer', contacts: 2, known: false },
  ],
  more: false,
  looked_at: null,
  offered: [
    { value: 'Web', label: 'Web', active: true },
    { value: 'Trade Show', label: 'Fairs and shows', active: true },
  ],
  restricted: true,
};

test('what is mapped comes first, then what Salesforce does not know, each with how often it is here', () => {
  const lines = linesOf([['flyer', 'Other']], values);
  expect(lines.map(({ from, to, contacts }) => [from, to, contacts])).toEqual([
    ['flyer', 'Other', 2],
    ['Trade fair', '', 40],
    ['Web', '', 30],
  ]);
});

test('a line without a value in Salesforce is no part of the map', () => {
  expect(mapOf(linesOf([['Flyer', ' Other ']], values))).toEqual([['Flyer', 'Other']]);
});

test('a value is offered under its name and its label, whatever its case', () => {
  expect(isOffered('trade show', values)).toBe(true);
  expect(isOffered('Fairs and Shows', values)).toBe(true);
  expect(isOffered('Other', values)).toBe(false);
});
