import { expect, test } from 'vitest';
import { setLocale } from '../../components/locale';
import { shown } from './values';

test('values are shown as people write them, never raw', () => {
  setLocale('en-GB');
  expect(shown(null)).toBe('Empty');
  expect(shown('')).toBe('Empty');
  expect(shown(true)).toBe('Yes');
  expect(shown(false)).toBe('No');
  expect(shown(1234.5)).toBe('1,234.5');
  expect(shown('2026-03-09')).toBe('9 Mar 2026');
  expect(shown('2026')).toBe('2026');
  expect(shown({ Number__c: 'A-17' })).toBe('A-17');
  setLocale(null);
});
