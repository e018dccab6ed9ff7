import { expect, test } from 'vitest';
import { operatorsOf, typedValue } from '../../words/conditions';
import { newRule, onActivities, saved, withWhen } from './rules';

test('a rule is saved with a name, and without a group around a single condition', () => {
  const rule = { ...newRule(), when: { all: [{ activity: 'visit' }] } };
  expect(saved(rule, 2)).toEqual({ name: 'Rule 3', points: 10, when: { activity: 'visit' } });
  expect(saved({ ...rule, name: ' Often here ' }, 0).name).toBe('Often here');
});

test('what only activities can have goes when the condition is about something else', () => {
  const visits = { ...newRule(), when: { activity: 'visit' }, each: true, maximum: 50, valid_for: '30 days' };
  expect(onActivities({ all: [{ activity: 'visit' }] })).toBe(true);
  expect(withWhen(visits, { field: 'city', op: 'is_set' })).toEqual({
    name: '',
    points: 10,
    when: { field: 'city', op: 'is_set' },
  });
  expect(withWhen(visits, { activity: 'order' }).maximum).toBe(50);
});

test('values are numbers where the field holds numbers', () => {
  expect(typedValue('5', 'integer')).toBe(5);
  expect(typedValue('five', 'integer')).toBe('five');
  expect(typedValue('5', 'text')).toBe('5');
  expect(operatorsOf('yes_no')[0]).toBe('is_true');
});
