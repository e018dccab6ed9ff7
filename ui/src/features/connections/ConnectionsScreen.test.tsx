// A fake host: a production org, which no test can sign in to.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { details, practice } from '../../testing/samples.connections';
import { acme } from '../../testing/samples.search';
import { ConnectionsScreen } from './ConnectionsScreen';

test('without a connection it says what one is', async () => {
  fakeHost({ 'connections.list': [], 'connections.drafts': [] });
  const { container } = await show(ConnectionsScreen);
  expect(await screen.findByText('No connections yet')).toBeTruthy();
  await expectAccessible(container);
});

test('production is told from the practice org by words, not by colour alone', async () => {
  fakeHost({
    'connections.list': [acme, { ...practice, id: 2 }],
    'connections.drafts': [],
    'connections.proxy': { proxy: 'system' },
  });
  const { container } = await show(ConnectionsScreen);
  expect(await screen.findByText('Production')).toBeTruthy();
  expect(screen.getByText('Practice org, on this computer')).toBeTruthy();
  expect(screen.getByText('788 of 15,000')).toBeTruthy();
  await expectAccessible(container);
});

test('a test that fails says what is wrong beside the connection', async () => {
  fakeHost({
    'connections.list': [practice],
    'connections.drafts': [],
    'connections.test': () => {
      throw hostError({ message: 'the org does not answer', hint: 'check the network' });
    },
  });
  await show(ConnectionsScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Test' }));
  expect(await screen.findByText('The org does not answer.')).toBeTruthy();
});

test('removing names what uses the connection, and waits for a yes', async () => {
  const fake = fakeHost({
    'connections.list': [practice],
    'connections.drafts': [],
    'connections.show': details,
    'connections.remove': { name: 'Practice', revoked: true },
  });
  await show(ConnectionsScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Remove…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Remove Practice' });
  await waitFor(() => expect(dialog.textContent).toContain('Used by Leads.'));
  expect(fake.calls.some(({ name }) => name === 'connections.remove')).toBe(false);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Remove connection' }));
  await waitFor(() => expect(fake.calls.some(({ name }) => name === 'connections.remove')).toBe(true));
});

test('a check says what is wrong, who can fix it, and what to send to the admin', async () => {
  const line = { cure: '', who: null, note: null, fix: null, finding: 'ok' as const };
  fakeHost({
    'connections.list': [practice],
    'connections.drafts': [],
    'connections.check': {
      connection: details.connection,
      calls: 6,
      at: 1795739306158,
      lines: [
        { ...line, what: 'Clock', text: 'as Salesforce’s' },
        {
          ...line,
          what: 'Permissions on Lead',
          text: 'read; missing: create, edit',
          finding: 'failed',
          cure: 'ask your Salesforce admin for these object permissions',
          who: 'admin',
          note: 'Hello',
        },
        { ...line, what: 'Proxy', text: 'as the system is set', fix: { kind: 'proxy' } },
      ],
    },
  });
  const { container } = await show(ConnectionsScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Check' }));
  const region = await screen.findByRole('region', { name: 'Check of Practice' });
  expect(region.textContent).toContain('1 thing to look at.');
  expect(region.textContent).toContain('6 API calls used');
  expect(within(region).getByText('Your Salesforce admin')).toBeTruthy();
  expect(within(region).getByText('Note for your admin')).toBeTruthy();
  // The practice org is on this computer: no proxy lies between.
  expect(within(region).queryByRole('button', { name: 'Change proxy' })).toBeNull();
  await expectAccessible(container);
});

test('a check leads to the proxy further down, and stays on the screen', async () => {
  const proxy = { what: 'Proxy', text: 'as the system is set', finding: 'ok' as const, cure: '' };
  fakeHost({
    'connections.list': [acme],
    'connections.drafts': [],
    'connections.proxy': { proxy: 'system' },
    'connections.check': {
      connection: acme,
      calls: 6,
      at: 1795739306158,
      lines: [{ ...proxy, who: null, note: null, fix: { kind: 'proxy' } }],
    },
  });
  const { router } = await show(ConnectionsScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Check' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Change proxy' }));
  expect(document.activeElement?.textContent).toContain('Save proxy');
  expect(router.state.location.pathname).toBe('/');
});
