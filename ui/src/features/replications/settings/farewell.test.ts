import { expect, test } from 'vitest';
import { farewellRow, readFarewell } from './farewell';

test('a text and its field come back as they were written', () => {
  for (const text of ['Deleted in Leadferry', 'says "gone"', 'a\\b', 'two\nlines']) {
    const row = farewellRow({ text, field: 'Description' });
    expect(readFarewell(row)).toEqual({ text, field: 'Description' });
  }
});

test('without a field nothing is sent', () => {
  expect(farewellRow({ text: 'Deleted', field: ' ' })).toBe('');
  expect(readFarewell('')).toEqual({ text: '', field: '' });
});

test('a row that says more is left as it is', () => {
  expect(readFarewell('"x"=Description [required]')).toBeNull();
});
