// A fake host: a connection to a production org, which no test can sign in to.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { details, security } from '../../testing/samples.connections';
import { acme } from '../../testing/samples.search';
import { ConnectionScreen } from './ConnectionScreen';

vi.mock('@tanstack/react-router', async (original) => ({
  ...(await original<typeof import('@tanstack/react-router')>()),
  useParams: () => ({ name: acme.name }),
}));

function host() {
  return fakeHost({
    'connections.list': [acme],
    'connections.security': security,
    'connections.sign_in_state': { under_way: null, refused: null },
    'connections.host': ({ text }) => ({
      address: text.startsWith('https') ? text : `https://${text}.my.salesforce.com`,
      kind: 'my_domain',
      note: '',
      refusal: '',
    }),
    'connections.check_callback': ({ port }) => ({
      callback: `http://localhost:${port}/oauth/callback`,
      free: true,
    }),
    'connections.set': { ...acme, callback_port: 4000 },
    'connections.authorize': () => new Promise<never>(() => {}),
    'practice.adopt': {
      connection: acme.name,
      objects: [
        {
          object: 'Lead',
          changed: ['LastName', 'Company'],
          added: ['Region__c'],
          hidden: [],
          left_out: ['Sum__c'],
        },
      ],
    },
  });
}

test('whose rights are used, in which org, and since when is said', async () => {
  host();
  const { container } = await show(ConnectionScreen);
  const access = await screen.findByRole('region', { name: 'Organization access' });
  for (const text of [acme.username, acme.org_id, 'Production', 'Connected', 'In the browser']) {
    expect(access.textContent).toContain(text);
  }
  await expectAccessible(container);
});

test('fields that changed are named with everything that uses them, and what to do', async () => {
  const fake = host();
  fake.answer({
    'connections.drift': [
      {
        object: 'Lead',
        field: 'Rating',
        label: 'Rating',
        change: 'Rating was deleted.',
        used_by: [
          {
            kind: 'replication',
            name: 'Leads',
            broken: true,
            effect: "Contacts can't be sent: Lead has no field Rating.",
            cure: 'Remove the row from the mapping.',
          },
          {
            kind: 'segment',
            name: 'Hot',
            broken: false,
            effect: 'It goes on with the values that were read last.',
            cure: 'Remove the rule.',
          },
        ],
      },
    ],
  });
  const { container } = await show(ConnectionScreen);
  expect(await screen.findByText('1 field that is used here changed in Salesforce')).toBeTruthy();
  const users = screen.getAllByRole('listitem').map((item) => item.textContent);
  expect(users).toContain(
    "Replication Leads: Contacts can't be sent: Lead has no field Rating. Remove the row from the mapping.",
  );
  expect(users).toContain('Segment Hot: It goes on with the values that were read last. Remove the rule.');
  await expectAccessible(container);
});

test('the practice org takes over the fields of the org', async () => {
  const fake = host();
  await show(ConnectionScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Use in the practice org' }));
  const taken = await screen.findByRole('list', { name: 'Taken over' });
  expect(taken.textContent).toBe('Lead: 2 fields as in this org; 1 added; left out: Sum__c');
  const asked = fake.calls.find(({ name }) => name === 'practice.adopt');
  expect(asked?.params).toEqual({ connection: acme.name });
});

test('another port shows the new callback, and says that Salesforce must be changed too', async () => {
  const fake = host();
  await show(ConnectionScreen);
  const save = (await screen.findByRole('button', { name: 'Save changes' })) as HTMLButtonElement;
  expect(save.disabled).toBe(true);
  const port = screen.getByRole('textbox', { name: 'Callback port (optional)' });
  await userEvent.type(port, '80');
  expect(screen.queryByText(/Change the callback URL/)).toBeNull();
  await userEvent.clear(port);
  await userEvent.type(port, '4000');
  expect(await screen.findByText('http://localhost:4000/oauth/callback')).toBeTruthy();
  expect(screen.getByText('Port is free')).toBeTruthy();
  expect(screen.getByText(/Change the callback URL of the app in Salesforce, too/)).toBeTruthy();
  expect(screen.getByText('Unsaved changes')).toBeTruthy();
  await userEvent.click(save);
  await waitFor(() => {
    const saved = fake.calls.find(({ name }) => name === 'connections.set');
    expect(saved?.params).toEqual({ connection: acme.name, callback_port: 4000 });
  });
  expect(fake.calls.some(({ name }) => name === 'connections.authorize')).toBe(false);
});

test('another key is saved and signed in with at once', async () => {
  const fake = host();
  await show(ConnectionScreen);
  const key = await screen.findByRole('textbox', { name: 'Consumer key' });
  await userEvent.clear(key);
  await userEvent.type(key, '3MVG9.another');
  await userEvent.click(screen.getByRole('button', { name: 'Save and sign in again' }));
  await waitFor(() => {
    const saved = fake.calls.find(({ name }) => name === 'connections.set');
    expect(saved?.params).toEqual({ connection: acme.name, client_id: '3MVG9.another' });
    expect(fake.calls.some(({ name }) => name === 'connections.authorize')).toBe(true);
  });
});

test('changes that are not wanted are taken back before they count', async () => {
  const fake = host();
  await show(ConnectionScreen);
  const port = await screen.findByRole('textbox', { name: 'Callback port (optional)' });
  await userEvent.type(port, '4000');
  await userEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
  const after = screen.getByRole('textbox', { name: 'Callback port (optional)' }) as HTMLInputElement;
  expect(after.value).toBe('');
  expect(screen.queryByText('Unsaved changes')).toBeNull();
  expect(fake.calls.some(({ name }) => name === 'connections.set')).toBe(false);
});

test('a sign-in is revoked only after saying what stops', async () => {
  const fake = host();
  fake.answer({
    'connections.show': { ...details, replications: ['Leads'] },
    'connections.revoke': { connection: acme, revoked: true, signs_in_again: false },
  });
  await show(ConnectionScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke…' }));
  const dialog = await screen.findByRole('dialog', { name: `Revoke the sign-in to ${acme.name}` });
  await waitFor(() => expect(dialog.textContent).toContain('nothing is sent by Leads.'));
  expect(fake.calls.some(({ name }) => name === 'connections.revoke')).toBe(false);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Revoke sign-in' }));
  expect(await screen.findByText(`Signed out of ${acme.name}.`)).toBeTruthy();
});

test('a certificate that ends soon is told with what to do', async () => {
  const fake = host();
  const warning = { text: 'The certificate of the key expires in 10 days.', cure: 'Create a new key.' };
  fake.answer({ 'connections.list': [{ ...acme, certificate_warning: warning }] });
  await show(ConnectionScreen);
  expect(await screen.findByText(warning.text)).toBeTruthy();
});
