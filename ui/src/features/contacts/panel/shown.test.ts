import { expect, test } from 'vitest';
import { doubt } from './shown';

const germany = { code: 'DE', name: 'Germany' };

function doubted(name: string, value: string | null, places = [germany]): string | null {
  return doubt({ name }, value, { timeZone: 'UTC', places }, '2026-02-28');
}

test('a place that nobody knows and a birthday to come are kept, and marked as doubtful', () => {
  expect(doubted('country', 'Atlantis')).toContain('Not a known country');
  expect(doubted('state', 'Atlantis')).toContain('Not a known state');
  expect(doubted('birthday', '2026-03-01')).toContain('in the future');
});

test('what is known, empty, or has no list to be in is not doubtful', () => {
  expect(doubted('country', 'DE')).toBeNull();
  expect(doubted('country', null)).toBeNull();
  expect(doubted('state', 'Reeperbahn', [])).toBeNull();
  expect(doubted('birthday', '2026-02-28')).toBeNull();
  expect(doubted('notes', 'Atlantis')).toBeNull();
});
