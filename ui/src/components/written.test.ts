import { expect, test } from 'vitest';
import {
  dateForm,
  shownDate,
  shownMoment,
  shownNumber,
  typedDate,
  typedNumber,
  withoutZeros,
  written,
} from './written';

test('how numbers and dates are written is told by the locale', () => {
  expect(written('en-US')).toEqual({ decimal: 'point', dates: 'mdy' });
  expect(written('en-GB')).toEqual({ decimal: 'point', dates: 'dmy' });
  expect(written('de-DE')).toEqual({ decimal: 'comma', dates: 'dmy' });
  expect(written('sv-SE')).toEqual({ decimal: 'comma', dates: 'ymd' });
});

test('a value is shown as it is read here, and offered for typing as it is typed here', () => {
  expect(typedDate('1990-04-03', 'de-DE')).toBe('03.04.1990');
  expect(typedDate('1990-04-03', 'en-US')).toBe('04/03/1990');
  expect(dateForm('de-DE')).toBe('DD.MM.YYYY');
  expect(shownDate('1990-04-03', 'en-GB')).toBe('3 Apr 1990');
  expect(shownNumber('1234.50', 'de-DE')).toBe('1.234,50');
  expect(shownNumber('-1234', 'en-US')).toBe('−1,234');
  expect(typedNumber('1234.50', 'de-DE')).toBe('1234,50');
  expect(shownMoment('2026-01-31T23:30:00Z', 'Europe/Berlin', 'en-GB')).toContain('1 Feb 2026');
});

test('no digit of a long decimal is lost', () => {
  expect(shownNumber('123456789012345678.9', 'en-US')).toBe('123,456,789,012,345,678.9');
});

test('a decimal is read without the zeros that only its scale adds', () => {
  const read = ['8400.5000', '8400.0000', '100', '-0.10', '1e3'].map(withoutZeros);
  expect(read).toEqual(['8400.5', '8400', '100', '-0.1', '1e3']);
});
