// A fake host: exact counts of members, and rules that the engine refuses.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { SegmentCard, SegmentMember, TreeTried } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { RuleBuilder } from '../rules/RuleBuilder';
import { MembersCard } from './MembersCard';
import { People } from './People';
import { NewSegmentScreen } from './SegmentScreen';
import { SegmentsScreen } from './SegmentsScreen';

const camille: SegmentMember = {
  guid: '0'.repeat(32),
  id: 1,
  name: 'Camille Laurent',
  email: null,
  company: 'Cimes',
  since: null,
};

const tried: TreeTried = {
  contacts: 3482,
  refused: null,
  says: 'Everyone whose email has a value',
  sample: [camille],
  notes: [],
};

const known = {
  'contacts.fields': [
    { name: 'email', label: 'Email', kind: 'text', scale: null, writable: true, custom: false },
    { name: 'city', label: 'City', kind: 'text', scale: null, writable: true, custom: false },
  ],
  'scores.list': [],
  'activities.types': [{ name: 'visit', description: '' }],
  'segments.list': [],
  'segments.email_lists': [],
  'consents.paths': [],
  'mirror.askable': {
    fields: [],
    opportunities: false,
    opportunity_fields: [],
    campaigns: false,
    campaign_names: [],
  },
  'contacts.count': 128406,
  'contacts.page': {
    rows: [{ guid: 'g1', name: 'Beatriz Figueira', cells: ['bea@example.com', null] }],
    total: 1,
    place: null,
    settling: false,
  },
  'segments.try': tried,
};

test('without segments, the screen says what they are for', async () => {
  fakeHost({ 'segments.list': [] });
  const { container } = await show(SegmentsScreen);
  expect(await screen.findByText('No segments yet')).toBeTruthy();
  await expectAccessible(container);
});

test('rules that make no sense say why, and the count is not shown', async () => {
  fakeHost({
    ...known,
    'segments.try': { ...tried, contacts: null, sample: [], refused: 'there is no score "Gone"' },
  });
  await show(() => <NewSegmentScreen Builder={RuleBuilder} />);
  expect((await screen.findByRole('alert')).textContent).toContain('There is no score "Gone".');
});

test('a value that nobody in Salesforce has is named beside the count', async () => {
  const note = 'No pulled campaign is named “Sprnig”. Did you mean “Spring”?';
  fakeHost({ ...known, 'segments.try': { ...tried, contacts: 0, sample: [], notes: [note] } });
  await show(() => <NewSegmentScreen Builder={RuleBuilder} />);
  expect(await screen.findByText(note)).toBeTruthy();
});

test('each group within says how many it holds, or takes out', async () => {
  const fake = fakeHost({ ...known, 'segments.try_parts': [874] });
  await show(() => <NewSegmentScreen Builder={RuleBuilder} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Group of rules' }));
  expect(await screen.findByText('874')).toBeTruthy();
  const group = await screen.findByRole('radiogroup', { name: 'Group, rule 2' });
  await userEvent.click(within(group).getByRole('radio', { name: 'None' }));
  expect(await screen.findByText('874 left out')).toBeTruthy();
  const rule = { field: 'email', op: 'contains', value: '' };
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'segments.try_parts',
      params: { trees: [{ any: [rule] }] },
    }),
  );
});

const saved: SegmentCard = {
  name: 'Trial users',
  description: '',
  says: 'Everyone whose email has a value',
  unread: null,
  unfit: null,
  members: 3334,
  calculated_at: null,
  tree: { all: [{ field: 'email', op: 'is_set' }] },
  growth: [],
  users: [],
  notes: [],
};

test('a segment whose rules can’t be used any more says so in the list', async () => {
  const unfit = '"at_least" doesn’t fit "Salesforce.Tier__c", which holds text.';
  fakeHost({ 'segments.list': [{ ...saved, unfit }] });
  await show(SegmentsScreen);
  expect(await screen.findByText('Rules can’t be used')).toBeTruthy();
});
test('changed rules say who joins and who leaves, and why a contact is out', async () => {
  fakeHost({
    ...known,
    'segments.compare': { joining: 212, leaving: 64 },
    'segments.explain_rules': {
      rule: 'all of these',
      holds: false,
      has: null,
      parts: [
        { rule: 'email has a value', holds: true, has: '“bea@example.com”', parts: [] },
        { rule: 'did “Booked a demo”', holds: false, has: 'never', parts: [] },
      ],
    },
  });
  const tree = { all: [{ activity: 'Booked a demo' }] };
  const { container } = await show(() => <People tree={tree} segment={saved} isEdited onSays={() => {}} />);
  expect((await screen.findByText(/Compared with the saved rules/)).textContent).toContain('+212 in −64 out');
  await userEvent.click(screen.getByRole('combobox', { name: 'Contact to explain' }));
  await userEvent.click(await screen.findByRole('option', { name: /Beatriz Figueira/ }));
  expect(await screen.findByText('Beatriz Figueira doesn’t match these rules.')).toBeTruthy();
  expect(screen.getByText('Did “Booked a demo”')).toBeTruthy();
  expect(screen.getByText('never')).toBeTruthy();
  await expectAccessible(container);
});

test('members of a segment with rules follow from the rules', async () => {
  fakeHost({ ...known, 'segments.members': { members: tried.sample, next: null } });
  await show(() => <MembersCard segment={saved} />);
  expect(await screen.findByRole('link', { name: 'Camille Laurent' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Remove Camille Laurent' })).toBeNull();
  expect(screen.queryByRole('combobox')).toBeNull();
});
