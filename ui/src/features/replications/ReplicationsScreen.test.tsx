import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { practice } from '../../testing/samples.connections';
import { replication } from '../../testing/samples.replications';
import { ReplicationsScreen } from './ReplicationsScreen';

test('each replication says where it goes, how it stands, and who is blocked', async () => {
  fakeHost({ 'replications.list': [replication] });
  const { container } = await show(ReplicationsScreen);
  const row = (await screen.findByRole('link', { name: 'Leads' })).closest('tr');
  expect(row?.textContent).toContain('leads in Practice');
  expect(row?.textContent).toContain('Ready');
  expect(row?.textContent).toContain('20');
  await expectAccessible(container);
});

test('without one it says what a replication is; a new one needs a name and no org', async () => {
  const fake = fakeHost({
    'replications.list': [],
    'connections.list': [practice],
    'scores.list': [],
    'replications.add': replication,
  });
  await show(ReplicationsScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'New replication' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'Leads');
  await userEvent.click(screen.getByRole('button', { name: 'Add the replication' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.add',
      params: { name: 'Leads', object: 'Lead', settings: {} },
    }),
  );
});

test('a list that cannot be read says so', async () => {
  fakeHost({
    'replications.list': () => {
      throw hostError({ message: 'the workspace cannot be read' });
    },
  });
  await show(ReplicationsScreen);
  expect(await screen.findByText('The workspace cannot be read.')).toBeTruthy();
});
