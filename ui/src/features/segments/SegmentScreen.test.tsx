import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { TreeTried } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { RuleBuilder } from '../rules/RuleBuilder';
import { NewSegmentScreen } from './SegmentScreen';
import { SegmentsScreen } from './SegmentsScreen';

const tried: TreeTried = {
  contacts: 3482,
  refused: null,
  says: 'e-mail is known',
  sample: [
    { guid: '0'.repeat(32), id: 1, name: 'Camille Laurent', email: null, company: 'Cimes', since: null },
  ],
};

const known = {
  'contacts.fields': [
    { name: 'email', label: 'E-mail', kind: 'text', scale: null, writable: true, custom: false },
    { name: 'city', label: 'City', kind: 'text', scale: null, writable: true, custom: false },
  ],
  'scores.list': [],
  'activities.types': [{ name: 'visit', description: '' }],
  'segments.list': [],
  'segments.email_lists': [],
  'consents.paths': [],
  'contacts.count': 128406,
  'segments.try': tried,
};

test('where there is no segment, it says what one is', async () => {
  fakeHost({ 'segments.list': [] });
  const { container } = await show(SegmentsScreen);
  expect(await screen.findByText('No segment yet')).toBeTruthy();
  await expectAccessible(container);
});

test('a rule is changed, counted and saved under a name', async () => {
  const fake = fakeHost({ ...known, 'segments.add': () => new Promise(() => {}) });
  const { container } = await show(() => <NewSegmentScreen Builder={RuleBuilder} />);
  expect(await screen.findByText('3,482')).toBeTruthy();
  expect(await screen.findByText('Camille Laurent')).toBeTruthy();
  await userEvent.click(await screen.findByRole('combobox', { name: 'Field, rule 1' }));
  await userEvent.click(await screen.findByRole('option', { name: 'visit' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'segments.try',
      params: { tree: { all: [{ activity: 'visit' }] } },
    }),
  );
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Save the segment' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'Visitors');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'segments.add',
      params: { name: 'Visitors', description: '', tree: { all: [{ activity: 'visit' }] } },
    }),
  );
});

test('rules that make no sense say why, and the count is not shown', async () => {
  fakeHost({
    ...known,
    'segments.try': { ...tried, contacts: null, sample: [], refused: 'there is no score "Gone"' },
  });
  await show(() => <NewSegmentScreen Builder={RuleBuilder} />);
  expect((await screen.findByRole('alert')).textContent).toContain('there is no score "Gone"');
});

test('each group within says how many it holds, or takes out', async () => {
  const fake = fakeHost({ ...known, 'segments.try_parts': [874] });
  await show(() => <NewSegmentScreen Builder={RuleBuilder} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Group of rules' }));
  expect(await screen.findByText('874')).toBeTruthy();
  const group = await screen.findByRole('radiogroup', { name: 'Group, rule 2' });
  await userEvent.click(within(group).getByRole('radio', { name: 'None' }));
  expect(await screen.findByText('874 taken out')).toBeTruthy();
  const rule = { field: 'email', op: 'contains', value: '' };
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'segments.try_parts',
      params: { trees: [{ any: [rule] }] },
    }),
  );
});
