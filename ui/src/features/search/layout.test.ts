import { expect, test } from 'vitest';
import type { SearchColumn } from '../../ipc/bindings';
import { arranged, LEAST_WIDTH, moved, resized, UNTOUCHED, widthOf } from './layout';

const column = (name: string, form: SearchColumn['form'] = 'text'): SearchColumn => ({
  name,
  label: name,
  form,
  sortable: true,
});
const columns = [column('Name'), column('Email'), column('Worth', 'number')];
const names = (layout = UNTOUCHED) => arranged(columns, layout).map(({ column: { name } }) => name);

test('a moved column stands at its new place, and its values come along', () => {
  expect(names()).toEqual(['Name', 'Email', 'Worth']);
  const layout = moved(UNTOUCHED, names(), 'Worth', 0);
  expect(arranged(columns, layout).map(({ at }) => at)).toEqual([2, 0, 1]);
  expect(names(moved(layout, names(layout), 'Worth', 2))).toEqual(['Name', 'Email', 'Worth']);
  expect(names(moved(layout, names(layout), 'Email', -5))).toEqual(['Email', 'Worth', 'Name']);
});

test('columns that were chosen later stand behind those that were put in order', () => {
  expect(names({ order: ['Email', 'Gone'], widths: {} })).toEqual(['Email', 'Name', 'Worth']);
});

test('a width is kept within what can be read', () => {
  const layout = resized(UNTOUCHED, 'Email', 12);
  expect(widthOf(column('Email'), layout)).toBe(LEAST_WIDTH);
  expect(widthOf(column('Email'), resized(layout, 'Email', 300.4))).toBe(300);
});
