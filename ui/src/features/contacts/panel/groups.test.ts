import { expect, test } from 'vitest';
import type { ContactFieldInfo } from '../../../ipc/bindings';
import { groups, isFilled } from './groups';

function field(name: string, part: Partial<ContactFieldInfo> = {}): ContactFieldInfo {
  return { name, label: name, kind: 'text', scale: null, writable: true, custom: false, ...part };
}

test('fields stand in their group, and an address in the order in which it is written', () => {
  const fields = [
    field('first_name'),
    field('suffix'),
    field('country'),
    field('city'),
    field('state'),
    field('job_title'),
    field('custom:Visits', { custom: true, kind: 'integer' }),
    field('changed_at', { writable: false }),
  ];
  const names = groups(fields).map((group) => [group.title, group.fields.map(({ name }) => name)]);
  expect(names).toEqual([
    ['Person', ['first_name', 'suffix']],
    ['Address', ['city', 'state', 'country']],
    ['Work', ['job_title']],
    ['Custom fields', ['custom:Visits']],
  ]);
});

test('no and zero are values, an empty text is none', () => {
  expect([false, 0, 'x'].every(isFilled)).toBe(true);
  expect([undefined, null, ''].some(isFilled)).toBe(false);
});
