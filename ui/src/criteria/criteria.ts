/** The operators of a search in words, and how many values each takes. */
import type { CriteriaMatch, Criterion, OrgSearch, SearchField, SearchOperator } from '../ipc/bindings';

export const operatorWords: Record<SearchOperator, string> = {
  is: 'is',
  is_not: 'isn’t',
  contains: 'contains',
  contains_not: 'doesn’t contain',
  begins_with: 'begins with',
  ends_with: 'ends with',
  is_one_of: 'is one of',
  is_none_of: 'is none of',
  less: 'less than',
  at_most: 'at most',
  greater: 'more than',
  at_least: 'at least',
  between: 'between',
  on: 'on',
  before: 'before',
  after: 'after',
  in_the_last_days: 'in the last … days',
  more_than_days_ago: 'more than … days ago',
  in_the_next_days: 'in the next … days',
  today: 'today',
  this_week: 'this week',
  this_month: 'this month',
  this_quarter: 'this quarter',
  this_year: 'this year',
  is_empty: 'has no value',
  is_set: 'has a value',
};

export const matchWords: Record<CriteriaMatch, string> = { all: 'all of these', any: 'any of these' };

const none: readonly SearchOperator[] = [
  'today',
  'this_week',
  'this_month',
  'this_quarter',
  'this_year',
  'is_empty',
  'is_set',
];
const days: readonly SearchOperator[] = ['in_the_last_days', 'more_than_days_ago', 'in_the_next_days'];
const many: readonly SearchOperator[] = ['is_one_of', 'is_none_of'];

/** What is typed for a condition: nothing, one value, two, any number, or a number of days. */
export type ValueForm = 'none' | 'one' | 'two' | 'many' | 'days';

export function valueForm(operator: SearchOperator): ValueForm {
  if (none.includes(operator)) return 'none';
  if (days.includes(operator)) return 'days';
  if (many.includes(operator)) return 'many';
  return operator === 'between' ? 'two' : 'one';
}

/** Returns a row for a field as it begins. */
export function newRow(field: SearchField): Criterion {
  const operator = field.operators[0] ?? 'is';
  return { field: field.name, operator, values: field.form === 'yes_no' ? ['yes'] : [] };
}

/** Returns the row with another condition; values stay where they still make sense. */
export function withOperator(row: Criterion, operator: SearchOperator): Criterion {
  const same = valueForm(row.operator) === valueForm(operator);
  return { ...row, operator, values: same ? row.values : [] };
}

/** Tells whether a row has all its values. */
export function isComplete(row: Criterion): boolean {
  const filled = row.values.filter((value) => value.trim() !== '').length;
  const form = valueForm(row.operator);
  if (form === 'none') return true;
  return form === 'two' ? filled === 2 : filled > 0;
}

/** Returns what to ask: rows without a value are not asked. */
export function asked(search: OrgSearch): OrgSearch {
  return { ...search, criteria: (search.criteria ?? []).filter(isComplete) };
}
