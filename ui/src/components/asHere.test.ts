import { afterEach, expect, test } from 'vitest';
import { asHere } from './asHere';
import { setLocale } from './locale';

afterEach(() => setLocale(null));

test('numbers and dates of the host are read as the user writes them', () => {
  const says =
    'Everyone whose birthday is before Feb 29, 2020 and whose budget is at least 1,234.56 and whose rate is 1.5';
  setLocale('de-DE');
  expect(asHere(says)).toBe(
    'Everyone whose birthday is before 29.02.2020 and whose budget is at least 1.234,56 and whose rate is 1,5',
  );
  expect(asHere('18,670 created, 312 blocked')).toBe('18.670 created, 312 blocked');
  expect(asHere('18,998 contacts are selected.')).toBe('18.998 contacts are selected.');
  expect(asHere('it is 1234.5, not -0.25.')).toBe('it is 1.234,5, not −0,25.');
  setLocale('en-GB');
  expect(asHere(says)).toContain('before 29 Feb 2020');
});

test('what somebody has written stays as it is, and so do versions, times and addresses', () => {
  setLocale('de-DE');
  for (const text of [
    'city is “1,234 Main” and name is "Jan 31, 2026"',
    'Leadferry 0.9.2 at 10:30, from 10.0.0.1 by v67.0',
    'Row 9, 10 and 11',
    '/home/a-1.5/2,000.csv',
  ]) {
    expect(asHere(text)).toBe(text);
  }
});
