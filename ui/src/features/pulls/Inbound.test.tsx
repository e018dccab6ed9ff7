// A fake host: mappings and conflicts that take several runs to come about.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { ConflictsPage, InboundMapping } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { leadFields } from '../../testing/samples.search';
import { ConflictsCard } from './ConflictsCard';
import { InboundCard } from './InboundCard';

const mapping: InboundMapping = {
  pull: 'People',
  connection: 'Acme',
  places: [
    { name: 'business_phone', label: 'Business phone' },
    { name: 'mobile_phone', label: 'Mobile phone' },
    { name: 'birthday', label: 'Birthday' },
  ],
  objects: [
    {
      object: 'Lead',
      usual: true,
      newcomers: null,
      text: 'Phone=business_phone\n',
      rows: [
        {
          field: 'Phone',
          label: 'Phone',
          to: 'business_phone',
          to_label: 'Business phone',
          rule: 'if_empty',
          no_only: false,
        },
      ],
      opt_outs: [
        {
          field: 'DoNotCall',
          label: 'Do Not Call',
          to: 'phone_opt_out',
          to_label: 'Opted out of phone calls',
          rule: 'if_empty',
          no_only: false,
        },
      ],
      findings: [],
      fields: [
        { name: 'Phone', label: 'Phone', type: 'Phone', fits: ['business_phone', 'mobile_phone'] },
        { name: 'MobilePhone', label: 'Mobile', type: 'Phone', fits: ['business_phone', 'mobile_phone'] },
      ],
    },
  ],
};

test('a rule is changed, a field added, and both saved', async () => {
  const fake = fakeHost({ 'inbound.show': mapping, 'inbound.set': mapping });
  const { container } = await show(() => <InboundCard pull="People" />);
  expect(await screen.findByText('Opt-outs only')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
  await userEvent.click(screen.getByRole('combobox', { name: 'When Phone comes in' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Ask me' }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Add a field of Lead' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Mobile (MobilePhone)' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'inbound.set',
      params: {
        pull: 'People',
        object: 'Lead',
        text: 'Phone=business_phone ; ask\nMobilePhone=mobile_phone ; if_empty',
      },
    }),
  );
  await expectAccessible(container);
});

test('people who aren’t here are brought in on request', async () => {
  const fake = fakeHost({ 'inbound.show': mapping, 'inbound.set': mapping, 'search.fields': leadFields });
  await show(() => <InboundCard pull="People" />);
  await userEvent.click(await screen.findByRole('switch', { name: /Create contacts for leads/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Add condition' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'inbound.set',
      params: {
        pull: 'People',
        object: 'Lead',
        bring_in: true,
        newcomers: { matching: 'all', criteria: [] },
      },
    }),
  );
});

test('a pull without people shows no mapping', async () => {
  fakeHost({ 'inbound.show': { ...mapping, objects: [] } });
  await show(() => <InboundCard pull="Deals" />);
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Into contacts' })).toBeNull());
});

const conflicts: ConflictsPage = {
  total: 1,
  next: null,
  conflicts: [
    {
      id: { link: 7, field: 'Title' },
      contact: '0123456789abcdef0123456789abcdef',
      name: 'Ada Okafor',
      email: 'ada@example.com',
      object: 'Lead',
      record_id: '00Q000000000001AAA',
      label: 'Job title',
      agreed: 'Taster',
      here: 'Buyer',
      there: null,
      newer: 'there',
      found_at: 1,
    },
  ],
};

test('one value or all values are chosen', async () => {
  const fake = fakeHost({
    'conflicts.list': conflicts,
    'conflicts.resolve': { resolved: 1, left: 0, unfit: 0 },
  });
  const { container } = await show(() => <ConflictsCard connection="Acme" />);
  const card = await screen.findByRole('region', { name: 'Conflicts' });
  expect(within(card).getByText('Taster')).toBeTruthy();
  expect(within(card).getByText('No value')).toBeTruthy();
  expect(within(card).getByText('(newer)')).toBeTruthy();
  await userEvent.click(within(card).getByRole('button', { name: 'Keep value for Job title of Ada Okafor' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'conflicts.resolve',
      params: { winner: 'here', conflicts: [{ link: 7, field: 'Title' }] },
    }),
  );
  await userEvent.click(within(card).getByRole('button', { name: 'Use all from Salesforce' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'conflicts.resolve',
      params: { winner: 'there', which: { connection: 'Acme' } },
    }),
  );
  await expectAccessible(container);
});

test('without a conflict nothing is shown', async () => {
  fakeHost({ 'conflicts.list': { total: 0, next: null, conflicts: [] } });
  await show(() => <ConflictsCard />);
  await waitFor(() => expect(screen.queryByRole('region', { name: 'Conflicts' })).toBeNull());
});
