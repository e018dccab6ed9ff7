import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { AccountsScreen } from './AccountsScreen';

const lines = [{ id: 3, fields: { name: 'Analytical Engines', city: 'London' }, members: 1204 }];

test('accounts are listed with how many contacts they have, and found by how they begin', async () => {
  const fake = fakeHost({ 'accounts.list': { lines, total: 1 } });
  const { container } = await show(AccountsScreen);
  expect(await screen.findByText('Analytical Engines')).toBeTruthy();
  expect(screen.getByText('1,204')).toBeTruthy();
  await expectAccessible(container);
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search accounts' }), 'ana');
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'accounts.list',
      params: { begin: 'ana', from: 0, limit: 100 },
    }),
  );
});

test('where there are none, it says what an account is and offers the first', async () => {
  const fake = fakeHost({
    'accounts.list': { lines: [], total: 0 },
    'accounts.add': { id: 4, fields: { name: 'Acme' } },
  });
  await show(AccountsScreen);
  expect(await screen.findByText('No accounts yet')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'New account' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), ' Acme ');
  await userEvent.click(screen.getByRole('button', { name: 'Add account' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({ name: 'accounts.add', params: { name: 'Acme', fields: {} } }),
  );
});

test('a list that cannot be read says so', async () => {
  fakeHost({
    'accounts.list': () => {
      throw hostError({ message: 'the workspace cannot be read' });
    },
  });
  await show(AccountsScreen);
  expect(await screen.findByText('The workspace cannot be read.')).toBeTruthy();
});
