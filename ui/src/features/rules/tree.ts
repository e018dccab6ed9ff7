/** Turns a tree of rules into what the builder edits, and back. Nothing that it cannot show is lost. */
import type { RuleGroupType, RuleType } from 'react-querybuilder';
import type {
  ActivityCondition,
  ActivityRule,
  CampaignStanding,
  Comparison,
  Condition,
  ConsentStanding,
  LinkStanding,
  Operator,
  OpportunityRule,
  OpportunityState,
  Place,
  RuleTree,
  Sum,
  Through,
  Times,
} from '../../ipc/bindings';
import { takesValue } from '../../words/conditions';

export type Combinator = 'all' | 'any' | 'none';

/** What is edited of a rule on activities; `more` is what the builder does not show. */
export type DoneValue = {
  times?: Times;
  span?: string;
  with?: ActivityCondition[];
  more?: Partial<ActivityRule>;
};

/** What is edited of a rule on opportunities, besides how many there are. */
export type OpportunityValue = { count?: number; through?: Through; sum?: Sum; with?: Condition[] };

export type Query = RuleGroupType<RuleType, Combinator>;

let last = 0;
const newId = () => `rule-${++last}`;

/** Returns a rule that compares with nothing yet. */
export function newRule(field: string, operator: string): RuleType {
  return { id: newId(), field, operator, value: null };
}

/** Returns what the builder edits; a single rule stands in a group of its own. */
export function toQuery(tree: RuleTree): Query {
  const query = part(tree);
  return 'rules' in query ? query : { id: newId(), combinator: 'all', rules: [query] };
}

function group(combinator: Combinator, parts: readonly RuleTree[]): Query {
  return { id: newId(), combinator, rules: parts.map(part) };
}

function part(tree: RuleTree): Query | RuleType {
  if ('all' in tree) return group('all', tree.all);
  if ('any' in tree) return group('any', tree.any);
  if ('none' in tree) return group('none', tree.none);
  const rule = (field: string, operator: string, value: unknown = null): RuleType => ({
    id: newId(),
    field,
    operator,
    value,
  });
  if ('field' in tree) return rule(`field:${tree.field}`, tree.op, tree.value ?? null);
  if ('points' in tree) return rule(`points:${tree.points}`, tree.op, tree.value);
  if ('segment' in tree) return rule(`segment:${tree.segment}`, tree.is);
  if ('list' in tree) return rule(`list:${tree.list}`, tree.holds ? 'on' : 'not_on');
  if ('link' in tree) return rule(`link:${tree.link}`, tree.is);
  if ('consent' in tree) return rule(`consent:${tree.consent}`, tree.is);
  if ('campaign' in tree) return rule(`campaign:${tree.campaign}`, tree.is, tree.status ?? null);
  if ('opportunities' in tree) return opportunity(tree, rule);
  return done(tree, rule);
}

function opportunity(
  { opportunities, times, ...shown }: OpportunityRule,
  rule: (field: string, operator: string, value: unknown) => RuleType,
): RuleType {
  const often = times ?? (shown.sum ? undefined : ({ op: 'at_least', value: 1 } as const));
  const value: OpportunityValue = { ...shown, ...(often ? { count: often.value } : {}) };
  return rule(`opportunities:${opportunities}`, often?.op ?? 'any_number', value);
}

function done(
  { activity, times, within, not_within, with: conditions, ...more }: ActivityRule,
  rule: (field: string, operator: string, value: unknown) => RuleType,
): RuleType {
  const never = times?.value === 0 && times.op !== 'at_least';
  const shown: DoneValue = {
    ...(times && !never ? { times } : {}),
    ...(conditions ? { with: conditions } : {}),
  };
  const field = `activity:${activity}`;
  if (not_within && !never) {
    return rule(field, 'last_before', {
      ...shown,
      span: not_within,
      more: { ...more, ...(within ? { within } : {}) },
    });
  }
  const way = never ? 'did_not' : 'did';
  return within
    ? rule(field, `${way}_within`, { ...shown, span: within, more })
    : rule(field, way, { ...shown, more });
}

/** Returns the tree that the builder has edited. */
export function toTree(query: Query): RuleTree {
  const rules = query.rules.map((one) => ('rules' in one ? toTree(one as Query) : leaf(one)));
  if (query.combinator === 'any') return { any: rules };
  if (query.combinator === 'none') return { none: rules };
  return { all: rules };
}

function leaf({ field, operator, value }: RuleType): RuleTree {
  const at = field.indexOf(':');
  const [kind, name] = [field.slice(0, at), field.slice(at + 1)];
  switch (kind) {
    case 'points':
      return { points: name, op: operator as Comparison, value: Number(value) || 0 };
    case 'segment':
      return { segment: name, is: operator as Place };
    case 'list':
      return { list: name, holds: operator === 'on' };
    case 'link':
      return { link: name, is: operator as LinkStanding };
    case 'consent':
      return { consent: name, is: operator as ConsentStanding };
    case 'campaign': {
      const is = operator as CampaignStanding;
      const status = is === 'not_member' ? '' : String(value ?? '').trim();
      return status ? { campaign: name, is, status } : { campaign: name, is };
    }
    case 'opportunities':
      return opportunityRule(name as OpportunityState, operator, (value ?? {}) as OpportunityValue);
    case 'activity':
      return activityRule(name, operator, (value ?? {}) as DoneValue);
    default: {
      const op = operator as Operator;
      return takesValue(op) ? { field: name, op, value: value ?? '' } : { field: name, op };
    }
  }
}

function opportunityRule(
  opportunities: OpportunityState,
  operator: string,
  { count, through, sum, with: conditions = [] }: OpportunityValue,
): OpportunityRule {
  const op = operator as Comparison;
  // Everybody has at least none.
  const value = op === 'at_least' ? Math.max(1, count ?? 1) : (count ?? 1);
  const isUsual = op === 'at_least' && value === 1 && !sum;
  const times = operator === 'any_number' || isUsual ? {} : { times: { op, value } };
  // Any number at all would be everybody: a sum is asked for, too.
  const asked = sum ?? (operator === 'any_number' ? { op: 'at_least' as const, value: 1 } : undefined);
  return {
    opportunities,
    ...(through && through !== 'any' ? { through } : {}),
    ...times,
    ...(asked ? { sum: asked } : {}),
    ...(conditions.length > 0 ? { with: conditions } : {}),
  };
}

function activityRule(activity: string, operator: string, value: DoneValue): ActivityRule {
  const { times, span = '30 days', with: conditions, more = {} } = value;
  const base: ActivityRule = {
    activity,
    ...more,
    ...(conditions && conditions.length > 0 ? { with: conditions } : {}),
  };
  const often = times ? { times } : {};
  const never = { times: { op: 'equals' as const, value: 0 } };
  switch (operator) {
    case 'did_within':
      return { ...base, ...often, within: span };
    case 'did_not':
      return { ...base, ...never };
    case 'did_not_within':
      return { ...base, ...never, within: span };
    case 'last_before':
      return { ...base, ...often, not_within: span };
    default:
      return { ...base, ...often };
  }
}
