import { expect, test } from 'vitest';
import { isBeginning, isMatch } from './matching';

test('each word that is typed begins a word of what is found', () => {
  expect(isMatch('Switch to dark mode', 'dark')).toBe(true);
  expect(isMatch('New segment', 'seg new')).toBe(true);
  expect(isMatch('New segment', 'ment')).toBe(false);
  expect(isMatch('Plan Leads from good contacts', 'plan leads')).toBe(true);
});

test('a name is told from what can be done with it', () => {
  expect(isBeginning('Export segment Reachable', 'reach')).toBe(false);
  expect(isBeginning('Export segment Reachable', 'Export seg')).toBe(true);
});
