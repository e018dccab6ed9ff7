import { expect, test } from 'vitest';
import { leadFields } from '../testing/samples.search';
import { asked, isComplete, newRow, valueForm, withOperator } from './criteria';

const [email] = leadFields.fields;

test('a row is asked once it has all its values', () => {
  if (!email) throw new Error('the sample has no field');
  const row = newRow(email);
  expect(row).toEqual({ field: 'Email', operator: 'contains', values: [] });
  expect(isComplete(row)).toBe(false);
  expect(isComplete({ ...row, operator: 'is_set' })).toBe(true);
  expect(isComplete({ ...row, operator: 'between', values: ['1', ' '] })).toBe(false);
  const search = { object: 'Lead' as const, criteria: [row, { ...row, values: ['ada'] }] };
  expect(asked(search).criteria).toEqual([{ ...row, values: ['ada'] }]);
});

test('values stay as long as the condition takes as many', () => {
  const row = { field: 'Email', operator: 'is' as const, values: ['a'] };
  expect(withOperator(row, 'begins_with').values).toEqual(['a']);
  expect(withOperator(row, 'is_one_of').values).toEqual([]);
  expect(valueForm('in_the_last_days')).toBe('days');
});
