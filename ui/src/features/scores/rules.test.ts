import { expect, test } from 'vitest';
import { operatorsOf, typedValue } from '../../words/conditions';
import { newRule, ruleFields, ruleName, withField, withOperator } from './rules';

const fields = ruleFields([
  {
    name: 'custom:visits',
    label: 'Visits',
    kind: 'integer',
    scale: null,
    writable: true,
    custom: true,
  },
]);

test('a rule without a name is called by what it says', () => {
  const when = { field: 'custom:visits', op: 'at_least' as const, value: 5 };
  expect(ruleName({ name: ' ', points: 10, when }, fields)).toBe('Visits at least 5');
  expect(ruleName({ name: 'Often here', points: 10, when }, fields)).toBe('Often here');
});

test('another field keeps the condition only where it can be asked of it', () => {
  const visits = fields.find(({ name }) => name === 'custom:visits');
  if (!visits) throw new Error('the sample has it');
  expect(withField({ field: 'city', op: 'contains', value: 'a' }, visits)).toEqual({
    field: 'custom:visits',
    op: 'at_least',
  });
  expect(withField(newRule().when, visits).op).toBe('is_set');
  expect(withOperator({ field: 'city', op: 'equals', value: 'Oslo' }, 'is_set')).toEqual({
    field: 'city',
    op: 'is_set',
  });
});

test('values are numbers where the field holds numbers, and accounts can be asked, too', () => {
  expect(typedValue('5', 'integer')).toBe(5);
  expect(typedValue('five', 'integer')).toBe('five');
  expect(typedValue('5', 'text')).toBe('5');
  expect(operatorsOf('yes_no')[0]).toBe('is_true');
  expect(fields.some(({ name }) => name === 'account:industry')).toBe(true);
});
