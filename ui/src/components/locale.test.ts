import { afterEach, expect, test, vi } from 'vitest';
import { locale, readNumber, setLocale, writtenNumber } from './locale';
import { ago, exactly } from './moments';
import { count } from './numbers';

afterEach(() => setLocale(null));

test.each([
  ['en-GB', '1.5', 1.5],
  ['en-GB', '1,5', 1.5],
  ['en-GB', '1,500', 1500],
  ['en-GB', '1.500', 1.5],
  ['de-DE', '1,5', 1.5],
  ['de-DE', '1.5', 1.5],
  ['de-DE', '1.500', 1500],
  ['de-DE', '1,500', 1.5],
  ['de-DE', '1.234.567,8', 1234567.8],
  ['de-CH', "1'234.5", 1234.5],
  ['fr-FR', '1 234,5', 1234.5],
  ['en-US', '1,234,567.8', 1234567.8],
  ['en-GB', '-3', -3],
  ['en-GB', '−3', -3],
  ['en-GB', '.5', 0.5],
  ['en-GB', '0,500', 0.5],
])('in %s, %s means %d', (locale, text, number) => {
  setLocale(locale);
  expect(readNumber(text)).toBe(number);
});

test.each(['', 'ten', '1.2.3', '1,23,456', '1.5.', '5 EUR', '1e3', '--1', '1.234,5,6'])(
  '%s is no number',
  (text) => {
    setLocale('en-GB');
    expect(readNumber(text)).toBeNull();
  },
);

test('numbers are shown and typed as the locale writes them', () => {
  setLocale('de-DE');
  expect(count(1204)).toBe('1.204');
  expect(writtenNumber(1234.5)).toBe('1234,5');
  expect(readNumber(writtenNumber(1234.567))).toBe(1234.567);
});

test('a system that names no language is no reason to show nothing', () => {
  const language = vi.spyOn(navigator, 'language', 'get').mockReturnValue('C');
  expect(locale()).toBe('en-GB');
  expect(count(1204)).toBe('1,204');
  language.mockRestore();
});

test('a number that no calendar has a date for is an unknown date, wherever a moment is shown', () => {
  for (const at of [2 ** 63, -(2 ** 63), Number.NaN, 8.64e15 + 1]) {
    expect(exactly(at)).toBe('Unknown date');
    expect(ago(at, Date.now())).toBe('Unknown date');
  }
  expect(exactly(8.64e15)).not.toBe('Unknown date');
});
