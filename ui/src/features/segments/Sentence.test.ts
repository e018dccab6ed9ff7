import { expect, test } from 'vitest';
import { pieces } from './Sentence';

test('only the words that join rules are told apart, not those within values', () => {
  const says =
    'Everyone whose city is “whose and who” and (who did “visit” or whose email has a value), but not anyone who is in Press and Media';
  const all = pieces(says);
  expect(all.map(({ text }) => text).join('')).toBe(says);
  expect(all.filter(({ joins }) => joins).map(({ text }) => text)).toEqual([
    'Everyone',
    'whose',
    'and',
    '(',
    'who',
    'or',
    'whose',
    ')',
    ', but not anyone',
    'who',
  ]);
});
