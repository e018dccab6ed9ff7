import { expect, test } from 'vitest';
import { HIGHEST_PX, ruleHeight, scrolledTo, sight } from './window';

const MILLION = 1_000_000;
const long = { total: MILLION, rowPx: 36 };
const HEIGHT = 720;

test('however long the list, few rows are drawn and the rule stays drawable', () => {
  for (const rowPx of [36, 72]) {
    for (const total of [1, 50, 10_000, MILLION, 5 * MILLION]) {
      const list = { total, rowPx };
      expect(ruleHeight(list)).toBeLessThanOrEqual(HIGHEST_PX);
      for (const part of [0, 0.3, 0.999, 1]) {
        const { from, length } = sight(list, part * (ruleHeight(list) - HEIGHT), HEIGHT);
        expect(length).toBeLessThanOrEqual(200);
        expect(from + length).toBeLessThanOrEqual(total);
      }
    }
  }
});

test('the end of the rule shows the last row, and its beginning the first', () => {
  const end = ruleHeight(long) - HEIGHT;
  const { from, length, top } = sight(long, end, HEIGHT);
  expect(from + length).toBe(MILLION);
  expect(top + length * long.rowPx).toBeCloseTo(ruleHeight(long), 0);
  expect(sight(long, 0, HEIGHT).from).toBe(0);
});

test('every row can be moved to, also on a shorter rule', () => {
  for (const row of [0, 1, 499_999, 777_777, MILLION - 1]) {
    const scrolled = scrolledTo(row, long, 0, HEIGHT);
    const { from, length } = sight(long, scrolled, HEIGHT);
    expect(row).toBeGreaterThanOrEqual(from);
    expect(row).toBeLessThan(from + length);
  }
});

test('a row in sight needs no scrolling', () => {
  expect(scrolledTo(3, { total: 100, rowPx: 36 }, 0, HEIGHT)).toBe(0);
});
