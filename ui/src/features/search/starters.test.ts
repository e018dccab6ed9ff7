import { expect, test } from 'vitest';
import type { SearchField } from '../../ipc/bindings';
import { starters } from './starters';

function field(name: string, operators: SearchField['operators']): SearchField {
  return { name, label: name, form: 'text', operators, sortable: true, choices: [], custom: false };
}

test('only searches that the org’s own fields can answer are offered', () => {
  const created = field('CreatedDate', ['in_the_last_days']);
  const titles = (fields: SearchField[]) => starters('Lead', fields).map(({ title }) => title);
  expect(titles([created])).toEqual(['New leads of the last 7 days']);
  expect(titles([created, field('Email', ['is_set'])])).toEqual(['New leads of the last 7 days']);
  expect(titles([field('IsConverted', ['is']), field('Email', ['is_set'])])).toEqual([
    'Open leads with an email',
  ]);
});
