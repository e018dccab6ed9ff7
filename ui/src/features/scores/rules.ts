/** Rules of a score in words, and what is changed of them. */
import type { Rule, RuleTree } from '../../ipc/bindings';

/** Returns a rule as it begins. */
export function newRule(): Rule {
  return { name: '', points: 10, when: { field: 'email', op: 'is_set' } };
}

/** Returns a single rule for a group that holds nothing but it. */
function bare(tree: RuleTree): RuleTree {
  if ('all' in tree && tree.all.length === 1 && tree.all[0]) return bare(tree.all[0]);
  return tree;
}

/** Tells whether a rule asks for activities alone, so that points can be given for each and lapse. */
export function onActivities(when: RuleTree): boolean {
  return 'activity' in bare(when);
}

/** Returns the rule with another condition; what only activities can have goes with them. */
export function withWhen(rule: Rule, when: RuleTree): Rule {
  if (onActivities(when)) return { ...rule, when };
  const { each: _, maximum: __, valid_for: ___, ...rest } = rule;
  return { ...rest, when };
}

/** Returns the rule as it is saved: named, and with its condition bare. */
export function saved(rule: Rule, at: number): Rule {
  return { ...rule, name: rule.name.trim() || `Rule ${at + 1}`, when: bare(rule.when) };
}
