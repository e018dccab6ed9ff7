import { expect, test } from 'vitest';
import type { RuleTree } from '../../ipc/bindings';
import { toQuery, toTree } from './tree';

const trees: RuleTree[] = [
  { all: [{ field: 'city', op: 'equals', value: 'Rome' }] },
  {
    any: [
      { points: 'Engagement', op: 'at_least', value: 40 },
      {
        none: [
          { segment: 'Customers', is: 'exited' },
          { list: 'Guests', holds: false },
        ],
      },
      { link: 'any', is: 'not_linked' },
      { consent: 'News: daily > Topics', is: 'refused' },
      { field: 'country', op: 'one_of', value: ['DE', 'AT'] },
      { field: 'Salesforce.Account.Industry', op: 'equals', value: 'Banking' },
      { campaign: 'Spring: one', is: 'responded' },
      { campaign: 'any', is: 'member', status: 'Sent' },
      { opportunities: 'open' },
      { opportunities: 'won', through: 'role', times: { op: 'at_most', value: 2 } },
      {
        opportunities: 'any',
        sum: { op: 'at_least', value: 5000 },
        with: [{ field: 'StageName', op: 'equals', value: 'Proposal' }],
      },
    ],
  },
  {
    all: [
      { activity: 'visit' },
      { activity: 'visit', within: '30 days', times: { op: 'at_most', value: 3 } },
      { activity: 'visit', times: { op: 'equals', value: 0 } },
      { activity: 'visit', times: { op: 'equals', value: 0 }, within: '2 weeks' },
      { activity: 'visit', not_within: '3 months' },
      // What the builder does not show is kept.
      {
        activity: 'order',
        since: '2026-01-01',
        with: [
          { field: 'value', op: 'at_least', value: 100 },
          { field: 'title', op: 'contains', value: 'spring' },
        ],
      },
      { activity: 'order', within: '1 year', not_within: '30 days' },
    ],
  },
];

test('whatever stands in a tree is there again after the builder', () => {
  for (const tree of trees) expect(toTree(toQuery(tree))).toEqual(tree);
});

test('a single rule stands in a group while it is edited', () => {
  const rule: RuleTree = { field: 'email', op: 'is_set' };
  expect(toTree(toQuery(rule))).toEqual({ all: [rule] });
});
