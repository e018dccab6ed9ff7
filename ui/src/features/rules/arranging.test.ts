import { expect, test } from 'vitest';
import type { RuleTree } from '../../ipc/bindings';
import { dropped, pressed } from './arranging';
import { newRule, toQuery, toTree } from './tree';

const is = (value: string): RuleTree => ({ field: 'city', op: 'equals', value });
const query = toQuery({ all: [is('Bonn'), is(''), { any: [is('Oslo')] }] });
const key = (name: string, more = {}) => ({ key: name, altKey: false, ...more });
const added = () => newRule('field:email', 'is_set');
const [bonn, empty, oslo] = [is('Bonn'), is(''), is('Oslo')];

test.each([
  [
    'Alt and Down takes a rule below',
    [0],
    null,
    key('ArrowDown', { altKey: true }),
    [empty, bonn, { any: [oslo] }],
  ],
  [
    'and into a group that is there',
    [1],
    '',
    key('ArrowDown', { altKey: true }),
    [bonn, { any: [empty, oslo] }],
  ],
  [
    'Enter adds a rule below',
    [0],
    'Bonn',
    key('Enter'),
    [bonn, { field: 'email', op: 'is_set' }, empty, { any: [oslo] }],
  ],
])('%s', (_, path, text, pressedKey, rules) => {
  const arranged = pressed(query, pressedKey, { path: path as number[], text: text as string | null }, added);
  expect(arranged && toTree(arranged.query)).toEqual({ all: rules });
});

test.each([
  ['one Backspace too many is nothing', [1], '', key('Backspace')],
  ['a list takes the key', [0], null, key('Enter')],
  ['the outermost group stays', [], null, key('ArrowUp', { altKey: true })],
])('nothing is arranged: %s', (_, path, text, pressedKey) => {
  expect(
    pressed(query, pressedKey, { path: path as number[], text: text as string | null }, added),
  ).toBeNull();
});

test('a rule is dropped into a group, a group never into itself', () => {
  expect(toTree(dropped(query, [0], [2, 1]))).toEqual({ all: [empty, { any: [oslo, bonn] }] });
  expect(toTree(dropped(query, [2], [2, 0]))).toEqual(toTree(query));
});
