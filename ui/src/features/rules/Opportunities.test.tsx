// A fake host: orgs with opportunities take long to reach.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test } from 'vitest';
import type { RuleTree } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { RuleBuilder } from './RuleBuilder';

const host = {
  'contacts.fields': [
    { name: 'email', label: 'Email', kind: 'text', scale: null, writable: true, custom: false },
  ],
  'scores.list': [],
  'activities.types': [],
  'segments.list': [],
  'segments.email_lists': [],
  'consents.paths': [],
  'mirror.askable': {
    fields: [{ name: 'Salesforce.Rating', label: 'Rating', group: 'Salesforce record', kind: 'text' }],
    opportunities: true,
    opportunity_fields: [
      { name: 'StageName', label: 'Stage', group: 'Opportunity', kind: 'text' },
      { name: 'CloseDate', label: 'Close Date', group: 'Opportunity', kind: 'date' },
    ],
    campaigns: true,
    campaign_names: ['Spring'],
  },
};

function Edited({ tree: first }: { tree: RuleTree }) {
  const [tree, setTree] = useState(first);
  return (
    <>
      <RuleBuilder tree={tree} onChange={setTree} place="rule" />
      <output>{JSON.stringify(tree)}</output>
    </>
  );
}

const rules = () => JSON.parse(screen.getByRole('status').textContent ?? '{}').all;

async function choose(label: string, option: string) {
  await userEvent.click(await screen.findByRole('combobox', { name: label }).catch(() => field(label)));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}

const field = (label: string) => screen.getByRole('textbox', { name: label });

test('opportunities are asked for by number, amount, owner and details', async () => {
  fakeHost(host);
  const tree: RuleTree = { all: [{ opportunities: 'open' }] };
  const { container } = await show(() => <Edited tree={tree} />);
  const count = await screen.findByRole('textbox', { name: 'How many, rule 1' });
  await userEvent.clear(count);
  await userEvent.type(count, '3');
  expect(rules()).toEqual([{ opportunities: 'open', times: { op: 'at_least', value: 3 } }]);
  await choose('Whose opportunities, rule 1', 'with a contact role');
  await choose('Total amount, rule 1', 'worth at least');
  await choose('Field of the opportunities, rule 1', 'whose Stage');
  await userEvent.type(field('Value of the opportunities, rule 1'), 'Proposal');
  expect(rules()).toEqual([
    {
      opportunities: 'open',
      through: 'role',
      times: { op: 'at_least', value: 3 },
      sum: { op: 'at_least', value: 1 },
      with: [{ field: 'StageName', op: 'contains', value: 'Proposal' }],
    },
  ]);
  await expectAccessible(container);
});

test('fields of the record and campaigns carry the labels of the org', async () => {
  fakeHost(host);
  const tree: RuleTree = { all: [{ field: 'email', op: 'is_set' }] };
  await show(() => <Edited tree={tree} />);
  await screen.findByRole('status');
  await choose('Field, rule 1', 'Rating');
  expect(rules()[0].field).toBe('Salesforce.Rating');
  await choose('Field, rule 1', 'Campaign Spring');
  await choose('Condition, rule 1', 'has responded');
  await userEvent.type(field('Status, rule 1'), 'Sent');
  expect(rules()).toEqual([{ campaign: 'Spring', is: 'responded', status: 'Sent' }]);
});
