/** Rules of a score in words, and what is typed for them. */
import type { Condition, ContactFieldInfo, Operator, Rule } from '../../ipc/bindings';

export const operatorWords: Record<Operator, string> = {
  equals: 'is',
  not_equals: 'is not',
  contains: 'contains',
  starts_with: 'begins with',
  ends_with: 'ends with',
  is_set: 'is filled in',
  is_not_set: 'is empty',
  greater: 'more than',
  at_least: 'at least',
  less: 'less than',
  at_most: 'at most',
  before: 'before',
  after: 'after',
  is_true: 'is yes',
  is_false: 'is no',
};

const text: readonly Operator[] = ['equals', 'not_equals', 'contains', 'starts_with', 'ends_with'];
const number: readonly Operator[] = ['at_least', 'at_most', 'greater', 'less', 'equals', 'not_equals'];
const moment: readonly Operator[] = ['before', 'after', 'equals', 'not_equals'];
const always: readonly Operator[] = ['is_set', 'is_not_set'];

/** Returns what can be asked of a field of this kind. */
export function operatorsOf(kind: string): readonly Operator[] {
  if (kind === 'yes_no') return ['is_true', 'is_false', ...always];
  if (kind === 'date' || kind === 'date_time') return [...moment, ...always];
  if (kind === 'text' || kind === 'long_text') return [...text, ...always];
  return [...number, ...always];
}

const bare: readonly Operator[] = ['is_set', 'is_not_set', 'is_true', 'is_false'];

export function takesValue(operator: Operator): boolean {
  return !bare.includes(operator);
}

/** A field that a rule can ask for: a contact's, or one of its account. */
export type RuleField = { name: string; label: string; kind: string };

const accountFields = [
  'name',
  'website',
  'phone',
  'street',
  'city',
  'state',
  'postal_code',
  'country',
  'industry',
  'notes',
];

/** Returns every field that rules can ask for. */
export function ruleFields(fields: readonly ContactFieldInfo[]): RuleField[] {
  const own = fields.map(({ name, label, kind }) => ({ name, label, kind }));
  const accounts = accountFields.map((name) => ({
    name: `account:${name}`,
    label: `Account ${name.replace('_', ' ')}`,
    kind: 'text',
  }));
  return [...own, ...accounts];
}

/** Returns a rule as it begins. */
export function newRule(): Rule {
  return { name: '', points: 10, when: { field: 'email', op: 'is_set' } };
}

/** Returns the condition with another field; the way of asking stays where it fits. */
export function withField(condition: Condition, field: RuleField): Condition {
  const operators = operatorsOf(field.kind);
  const op = operators.includes(condition.op) ? condition.op : (operators[0] ?? 'is_set');
  return { field: field.name, op };
}

/** Returns the condition asked in another way. */
export function withOperator({ field, value }: Condition, op: Operator): Condition {
  return takesValue(op) ? { field, op, ...(value === undefined ? {} : { value }) } : { field, op };
}

/** Returns the value as the field's kind needs it: numbers as numbers. */
export function typedValue(text: string, kind: string): string | number {
  const isNumber = !['text', 'long_text', 'date', 'date_time', 'yes_no'].includes(kind);
  const number = Number(text);
  return isNumber && text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** Returns what a rule is called where the user has given it no name. */
export function ruleName(rule: Rule, fields: readonly RuleField[]): string {
  if (rule.name.trim()) return rule.name.trim();
  const { field, op, value } = rule.when;
  const label = fields.find(({ name }) => name === field)?.label ?? field;
  return `${label} ${operatorWords[op]}${takesValue(op) ? ` ${String(value ?? '')}` : ''}`.trim();
}
