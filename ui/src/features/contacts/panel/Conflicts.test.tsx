// A fake host: a contact with a conflict, which takes a run and a pull to reach.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { ConflictLine } from '../../../ipc/bindings';
import { fakeHost } from '../../../testing/fakeHost';
import { expectAccessible, show } from '../../../testing/render';
import { Conflicts } from './Conflicts';

const GUID = '0'.repeat(32);

const phone: ConflictLine = {
  id: { link: 7, field: 'Phone' },
  contact: GUID,
  name: 'Camille Laurent',
  email: null,
  object: 'Lead',
  record_id: '00Q000000000001AAA',
  label: 'Business phone',
  agreed: '100',
  here: '200',
  there: '300',
  newer: 'there',
  found_at: 1,
};

test('a conflict shows both values and the agreed one, and is resolved in the contact\u2019s panel', async () => {
  const fake = fakeHost({
    'conflicts.list': { conflicts: [phone], total: 1, next: null },
    'conflicts.resolve': { resolved: 1, left: 0, unfit: 0 },
  });
  const { container } = await show(() => <Conflicts contact={GUID} />);
  const conflict = await screen.findByRole('group', { name: 'Business phone of the lead' });
  for (const value of ['100', '200', '300']) expect(conflict.textContent).toContain(value);
  expect(within(conflict).getByText('(newer)')).toBeTruthy();
  await expectAccessible(container);
  expect(fake.calls[0]?.params).toEqual({ contact: GUID, limit: 500 });
  await userEvent.click(within(conflict).getByRole('button', { name: 'Use value for Business phone' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'conflicts.resolve',
      params: { winner: 'there', conflicts: [phone.id] },
    }),
  );
  await userEvent.click(within(conflict).getByRole('button', { name: 'Keep value for Business phone' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'conflicts.resolve',
      params: { winner: 'here', conflicts: [phone.id] },
    }),
  );
});

test('a contact without conflicts shows nothing of them', async () => {
  fakeHost({ 'conflicts.list': { conflicts: [], total: 0, next: null } });
  await show(() => <Conflicts contact={GUID} />);
  await waitFor(() => expect(screen.queryByRole('region', { name: /Conflicts/ })).toBeNull());
});
