/** Rules of a score in words, and what is typed for them. */
import type { Condition, ContactFieldInfo, Operator, Rule } from '../../ipc/bindings';
import { operatorsOf, operatorWords, takesValue } from '../../words/conditions';

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

/** Returns what a rule is called where the user has given it no name. */
export function ruleName(rule: Rule, fields: readonly RuleField[]): string {
  if (rule.name.trim()) return rule.name.trim();
  const { field, op, value } = rule.when;
  const label = fields.find(({ name }) => name === field)?.label ?? field;
  return `${label} ${operatorWords[op]}${takesValue(op) ? ` ${String(value ?? '')}` : ''}`.trim();
}
