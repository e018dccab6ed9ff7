// A fake host: connections to orgs that no test can sign in to.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { WorkspaceInfo } from '../../ipc/bindings';
import { answers } from '../../testing/demo.app';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { security } from '../../testing/samples.connections';
import { SecurityScreen } from './SecurityScreen';

const workspace = answers['workspaces.current'] as WorkspaceInfo;

test('each connection shows what is kept, where, and the only host it goes to', async () => {
  const live = {
    name: 'Live',
    host: 'https://acme.my.salesforce.com',
    vault: 'file' as const,
    has_secret: false,
    has_sign_in: true,
    has_key: false,
    has_password: false,
  };
  const keyed = { ...live, name: 'Keyed', has_sign_in: false, has_key: true, has_secret: true };
  const empty = { ...live, name: 'Empty', has_sign_in: false };
  const connections = [...security.connections, live, keyed, empty];
  fakeHost({
    'workspaces.current': workspace,
    'connections.security': { ...security, connections },
  });
  const { container } = await show(SecurityScreen);
  const table = await screen.findByRole('table', { name: 'Secrets by connection' });
  const row = (name: string) => within(table).getByText(name).closest('tr')?.textContent;
  const host = 'https://acme.my.salesforce.com';
  expect(row('Live')).toBe(`Live${host}sign-inEncrypted file`);
  expect(row('Keyed')).toBe(`Keyed${host}private key, client secretEncrypted file`);
  expect(row('Empty')).toBe(`Empty${host}nothing—`);
  expect(screen.getByText('Approved on this computer')).toBeTruthy();
  await expectAccessible(container);
});

test('with the keychain off the page says where secrets really are', async () => {
  const old = {
    name: 'Old',
    host: 'https://acme.my.salesforce.com',
    vault: 'keychain' as const,
    has_secret: true,
    has_key: false,
    has_password: false,
    has_sign_in: true,
  };
  fakeHost({
    'workspaces.current': workspace,
    'connections.security': { ...security, keychain: false, vault: 'file', connections: [old] },
  });
  await show(SecurityScreen);
  expect(await screen.findByText(/because the keychain is turned off/)).toBeTruthy();
  expect(screen.getByText('Keychain, which is turned off')).toBeTruthy();
  expect(screen.getByRole('region', { name: 'What leaves this computer' })).toBeTruthy();
  expect(screen.getByRole('region', { name: 'Forget a connection' })).toBeTruthy();
});

test('without a workspace the page still says what is protected', async () => {
  fakeHost({ 'workspaces.current': null });
  await show(SecurityScreen);
  expect(await screen.findByRole('region', { name: 'What you’re protected from' })).toBeTruthy();
  expect(screen.queryByRole('region', { name: 'What’s kept where' })).toBeNull();
});
