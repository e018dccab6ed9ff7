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
  expect(row?.textContent).toContain('leads to Practice');
  expect(row?.textContent).toContain('Ready');
  expect(row?.textContent).toContain('20');
  await expectAccessible(container);
});

test('a new replication takes the only connection, and a lead asks for a default company', async () => {
  const fake = fakeHost({
    'replications.list': [],
    'connections.list': [practice],
    'scores.list': [],
    'segments.list': [],
    'replications.would_select': { selected: 1200, contacts: 1210, not_sent: 10 },
    'replications.add': replication,
  });
  await show(ReplicationsScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'New replication' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), 'Leads');
  const company = screen.getByRole('textbox', { name: 'Default company' });
  expect(await screen.findByText('1,200 contacts selected')).toBeTruthy();
  await userEvent.clear(company);
  // Some orgs need none: whether this one does is for the host to say.
  fake.answer({
    'replications.add': () => {
      throw hostError({ code: 'usage', message: 'Default company is empty.' });
    },
  });
  const create = screen.getByRole('button', { name: 'Create replication' });
  await userEvent.click(create);
  expect(await screen.findByText('Default company is empty.')).toBeTruthy();
  fake.answer({ 'replications.add': replication });
  await userEvent.type(company, 'Self-employed');
  await userEvent.click(create);
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.add',
      params: {
        name: 'Leads',
        object: 'Lead',
        settings: { connection: practice.name, default_company: 'Self-employed' },
      },
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
