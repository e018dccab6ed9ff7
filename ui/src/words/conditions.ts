/** Conditions on fields of contacts in words, as filters and rules share them. */
import { readNumber } from '../components/locale';
import type { Operator, RuleTree } from '../ipc/bindings';

export const operatorWords: Record<Operator, string> = {
  equals: 'is',
  not_equals: 'isn’t',
  contains: 'contains',
  starts_with: 'begins with',
  ends_with: 'ends with',
  not_contains: 'doesn’t contain',
  one_of: 'is one of',
  none_of: 'isn’t one of',
  is_set: 'has a value',
  is_not_set: 'has no value',
  greater: 'more than',
  at_least: 'at least',
  less: 'less than',
  at_most: 'at most',
  before: 'before',
  after: 'after',
  is_true: 'is yes',
  is_false: 'is no',
  within_last: 'within the last',
  longer_ago: 'longer ago than',
  within_next: 'within the next',
  anniversary_within: 'anniversary within',
};

const always: readonly Operator[] = ['is_set', 'is_not_set'];
const bare: readonly Operator[] = [...always, 'is_true', 'is_false'];

/** Returns what can be asked of a field of this kind, the usual first. */
export function operatorsOf(kind: string): readonly Operator[] {
  if (kind === 'yes_no') return ['is_true', 'is_false', ...always];
  if (kind === 'date' || kind === 'date_time') return ['before', 'after', 'equals', 'not_equals', ...always];
  if (isNumber(kind)) return ['at_least', 'at_most', 'greater', 'less', 'equals', 'not_equals', ...always];
  return ['contains', 'equals', 'not_equals', 'starts_with', 'ends_with', ...always];
}

export function takesValue(operator: Operator): boolean {
  return !bare.includes(operator);
}

/** Tells whether a rule still waits for what it compares with. */
export function isUnfinished(tree: RuleTree): boolean {
  if ('all' in tree) return tree.all.some(isUnfinished);
  if ('any' in tree) return tree.any.some(isUnfinished);
  if ('none' in tree) return tree.none.some(isUnfinished);
  if (!('field' in tree) || !takesValue(tree.op)) return false;
  const { value } = tree;
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

export function isNumber(kind: string): boolean {
  return ['integer', 'long_integer', 'decimal', 'float'].includes(kind);
}

/** Returns a value as the field's kind needs it: numbers as numbers, read as they are written here. */
export function typedValue(text: string, kind: string): string | number {
  const number = isNumber(kind) ? readNumber(text) : null;
  return number ?? text.trim();
}
