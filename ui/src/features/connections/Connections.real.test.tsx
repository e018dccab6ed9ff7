import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, press, see, until, user } from '../../testing/user';

/** The app that every practice org knows. */
const BUILT_IN_APP = '3MVG9leadferry.practice.org.app';

test('the practice org is connected, tested and removed', async () => {
  const host = await realHost('empty');
  await openApp('/connections');
  await see('No connections yet');
  await press('Connect an org');
  await press('Practice org on this computer');
  await press('Finish later');
  await see('No connections yet');
  await press('Connect an org');
  await press('Practice org on this computer');
  await fill('Name of the connection', 'Rehearsal');
  await press('Connect the practice org');
  await press('Done', 'Connected to Rehearsal');
  await press('Org: Rehearsal · Practice');
  await see('admin@practice.example');
  await press('Open connection');
  await press('Test');
  await see('The connection to Rehearsal works.');
  await fill('Name of the connection', 'Trial');
  await see('Unsaved changes');
  await press('Discard changes');
  await fill('Name of the connection', 'Trial');
  await press('Save changes');
  await find('heading', 'Trial');
  // Neither what was only chosen nor what was finished is kept as begun.
  expect(await host.call('connections.drafts', {})).toEqual([]);
  await press('Remove…');
  await press('Cancel');
  await press('Remove…');
  await press('Remove connection');
  await until(async () => expect(await host.call('connections.list', {})).toEqual([]));
  await press('Connect an org');
  await press('Practice org on this computer');
  await fill('Name of the connection', 'Second');
  await press('Connect the practice org');
  await press('Close', 'Connected to Second');
  await press('Remove…');
  await press('Close', 'Remove Second');
  await press('Remove…');
  await press('Remove connection');
  await until(async () => expect(await host.call('connections.list', {})).toEqual([]));
  await press('Connect an org');
  await press('Practice org on this computer');
  await fill('Name of the connection', 'Third');
  await press('Connect the practice org');
  await press('Next', 'Connected to Third');
  await fill('Search what to set up', 'contacts');
  await press('Replication to contacts');
  await find('dialog', 'New replication');
});

test('a set-up is left, gone on with, refused with the step at fault, and discarded', async () => {
  const host = await realHost('practice');
  await host.call('connections.test', { name: 'Practice' });
  const { address } = await host.call('practice.state', {});
  await openApp('/connections/new');
  await press('Sign up for a free developer org');
  await until(async () =>
    expect((await host.desktop()).opened).toEqual(['https://developer.salesforce.com/signup']),
  );
  await press('Sign in as the app (client credentials)');
  await choose('Type of app in Salesforce', 'Connected App in Lightning (before 2026)');
  await see('Choose New Connected App');
  await choose('Type of app in Salesforce', 'External Client App (current)');
  await choose('Which scopes', 'Full access, as Kentico asks for');
  await see('Full access (full)');
  await fill('Contact email for the app', 'mia@halden.example');
  await press('Copy Contact Email');
  await fill('Name of the connection', 'Acme');
  await fill('Address of your Salesforce', 'acme');
  await see('https://acme.my.salesforce.com');
  await press('Open Setup in the browser');
  await press('Print…');
  await until(async () => {
    const [, setup, sheet] = (await host.desktop()).opened;
    expect(setup).toBe('https://acme.my.salesforce.com/lightning/setup/SetupOneHome/home');
    expect(readFileSync(sheet ?? '', 'utf8')).toContain('mia@halden.example');
  });
  const place = host.path('sheet.html');
  await host.pick(place);
  await press('Save as a page…');
  await see('Saved the sheet');
  expect(readFileSync(place, 'utf8')).toContain('Enable the Client Credentials Flow');
  await fill('Address of your Salesforce', address ?? '');
  await press('Copy for your administrator');
  await press('Copy External Client App Name');
  await click('checkbox', /^1\. /);
  await fill('Consumer key', '3MVG9no.such.app');
  await press('Finish later');
  await press('Continue setup');
  await fill(/^Consumer secret/, 'wrong');
  await press('Sign in');
  await fill('Passphrase', 'correct horse', /passphrase/);
  await fill('Repeat the passphrase', 'correct horse', /passphrase/);
  await press('Set passphrase');
  // A new app is waited for, also one that signs in by itself.
  await see('Still activating');
  await press('Stop signing in');
  await see('The sign-in was canceled');
  await fill('Consumer key', BUILT_IN_APP);
  await fill(/^Consumer secret/, 'wrong');
  await press('Sign in');
  await see('Salesforce refused the sign-in');
  await press('Go to the field');
  expect(document.activeElement?.id).toBe('field-secret');
  await press('Copy a note for your administrator');
  await press(/^Salesforce’s answer/);
  await press('Sign in again');
  await see('Salesforce refused the sign-in');
  await press('Finish later');
  await find('heading', 'Connections');
});

test('a sign-in in the browser says where, and can be stopped', async () => {
  const host = await realHost('practice');
  await host.call('connections.test', { name: 'Practice' });
  const { address } = await host.call('practice.state', {});
  await openApp('/connections/new');
  await press('Sign in with your browser');
  await fill('Name of the connection', 'Acme');
  await press('Sandbox');
  await see('https://test.salesforce.com');
  await press('Production');
  await fill('Address of your Salesforce', address ?? '');
  await fill('Consumer key', '3MVG9no.such.app');
  await fill('Callback port (optional)', '45111');
  await press('Copy the new callback URL');
  await fill('Consumer secret (only if the app requires one)', 'secret');
  await click('checkbox', /^8\. /);
  await press('Sign in');
  await press('Cancel', /passphrase/);
  await press('Sign in');
  await fill('Passphrase', 'correct horse', /passphrase/);
  await fill('Repeat the passphrase', 'correct horse', /passphrase/);
  await press('Set passphrase');
  // It is counted from the moment the key was entered, which may be minutes ago on a busy machine.
  await see(/every 15 seconds, for 1[0-5] more min,/);
  // It goes on while another screen is shown.
  await press('Finish later');
  await press('Continue setup');
  await see('Still activating');
  await press('Stop signing in');
  await find('button', 'Sign in');
  expect((await host.desktop()).opened).toEqual([]);
});

test('a connection that nobody signed in to is signed in from the overview', async () => {
  const host = await realHost('empty');
  await host.call('connections.add', {
    name: 'Acme',
    flow: 'browser',
    host: 'acme',
    client_id: '3MVG9no.such.app',
  } as never);
  await openApp('/');
  await click('link', 'Sign in');
  await press('Sign in with the browser');
  await press('Toggle password visibility', /passphrase/);
  await press('Close', /passphrase/);
  expect((await host.desktop()).opened).toEqual([]);
});

test('a connection with a key takes a new key or a key file, and shows what it signs in with', async () => {
  const host = await realHost('practice');
  await host.call('connections.test', { name: 'Practice' });
  const { address } = await host.call('practice.state', {});
  await openApp('/connections/new');
  await press('Sign in with a key (JWT bearer)');
  await see('Approve users ahead');
  await fill('Name of the connection', 'Server');
  await press('Use openssl instead');
  await press('Copy the openssl command');
  const file = (name: string) => host.pick(resolve('../crates/commands/tests/files/keys', name));
  await press('Import a key file…');
  await press('Cancel', 'Import a key');
  await press('Import a key file…');
  await press('Close', 'Import a key');
  await press('Import a key file…');
  await file('pkcs8.pem');
  await press('Choose a key file…', 'Import a key');
  await see('The file has no certificate.');
  await file('cert.pem');
  await press('Add its certificate…', 'Import a key');
  await see('cert.pem');
  await file('java.p12');
  await press('Choose another file…', 'Import a key');
  await press('Toggle password visibility', 'Import a key');
  await fill('Passphrase of the file', 'wrong', 'Import a key');
  await press('Open file', 'Import a key');
  await find('alert', /passphrase/i, 'Import a key');
  await fill('Passphrase of the file', 'hush-hush', 'Import a key');
  await fill('Passphrase of the key (only if it’s another one)', 'hush-hush', 'Import a key');
  await press('Open file', 'Import a key');
  await see('PKCS #12 file');
  await click('radio', /./, 'Import a key');
  await press('Import key', 'Import a key');
  await fill('Passphrase', 'correct horse', /Choose a passphrase/);
  await fill('Repeat the passphrase', 'correct horse', /Choose a passphrase/);
  await press('Set passphrase');
  await see('SHA-256 fingerprint');
  await press('Use another key');
  await press('Create a key');
  await see('Save certificate…');
  const place = host.path('cert.pem');
  await host.pick(place);
  await press('Save certificate…');
  await see('Saved the certificate');
  expect(readFileSync(place, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  const archive = host.path('server.p12');
  await press('Export key…');
  await press('Toggle password visibility', 'Export the key');
  await press('Cancel', 'Export the key');
  await press('Export key…');
  await press('Close', 'Export the key');
  await press('Export key…');
  await fill('Passphrase for the file', 'battery staple', 'Export the key');
  await fill('Repeat the passphrase', 'battery stapler', 'Export the key');
  await see('The passphrases don’t match');
  await fill('Repeat the passphrase', 'battery staple', 'Export the key');
  await host.pick(archive);
  await press('Export key', 'Export the key');
  await see('Exported the key');
  const held = await host.call('connections.inspect_key', { path: archive, passphrase: 'battery staple' });
  expect(held.entries).toMatchObject([{ alias: 'Server', has_key: true, bits: 4096 }]);
  await press('Use another key');
  await choose('Or use a key that you have', /^Server/);
  await fill('Address of your Salesforce', address ?? '');
  await fill('Consumer key', '3MVG9no.such.app');
  await fill('Username', 'admin@practice.example');
  await press('Sign in');
  await see('Still activating');
  await press('Stop signing in');
  await see('The sign-in was canceled');
  // A mistyped consumer key doesn't cost the key: its certificate is in Salesforce already.
  await fill('Consumer key', '3MVG9another.app');
  await press('Sign in');
  await see('Still activating');
  await press('Stop signing in');
  await see('The sign-in was canceled');
  await press('Finish later');
  await click('link', 'Open Server');
  await press('Show assertion');
  await see('RS256');
  await press('Copy header and claims');
  await press('Close', /signs in with/);
  for (const way of ['Cancel', 'Close']) {
    await press('Authorize…');
    await press(way, 'Authorize access to Server');
  }
  await press('Authorize…');
  await press('Authorize', 'Authorize access to Server');
  await see('Still activating');
  await press('Stop signing in', 'Authorize access to Server');
  await press('Authorize', 'Authorize access to Server');
  await see('Still activating');
  await press('Continue in the background');
  await see('Still activating');
  await press('Stop signing in');
  await see('The sign-in was canceled');
  await fill('Audience (optional)', 'https://test.salesforce.com');
  await fill('Valid for, in seconds (optional)', '400');
  await see('more than 5 minutes');
  await press('Discard changes');
  await see('Save certificate…');
  await fill('Consumer key', '3MVG9third.app');
  await press('Save and sign in again');
  await see('Still activating');
  await press('Stop signing in');
  await see('The sign-in was canceled');
  expect(JSON.stringify(await host.call('connections.list', {}))).not.toContain('PRIVATE KEY');
});

test('a password is refused with its cause, and the browser takes over what was typed', async () => {
  const host = await realHost('practice');
  await host.call('connections.test', { name: 'Practice' });
  const { address } = await host.call('practice.state', {});
  await openApp('/connections/new');
  await press('Username and password');
  await see('Allow OAuth Username-Password Flows');
  await fill('Name of the connection', 'Old');
  await fill('Address of your Salesforce', address ?? '');
  await fill('Consumer key', '3MVG9no.such.app');
  await fill('Consumer secret', 'secret');
  await fill('Username', 'admin@practice.example');
  await fill('Password', 'wrong');
  await fill('Security token (outside trusted networks)', 'token');
  await press('Sign in');
  await fill('Passphrase', 'correct horse', /Choose a passphrase/);
  await fill('Repeat the passphrase', 'correct horse', /Choose a passphrase/);
  await press('Set passphrase');
  await see('Still activating');
  await press('Stop signing in');
  await see('The sign-in was canceled');
  await press('Use the browser instead');
  await see('Signs in in the browser');
  const kept = await host.call('connections.drafts', {});
  expect(JSON.stringify(kept)).not.toMatch(/wrong|token"/);
  await press('Change how it signs in');
  await press('Username and password');
  await find('button', 'Use the browser instead');
});

test('the proxy is chosen for all connections, and a check of one leads to it', async () => {
  const host = await realHost('empty');
  await host.call('connections.add', {
    name: 'Acme',
    flow: 'browser',
    host: 'acme',
    client_id: '3MVG9no.such.app',
  } as never);
  const kept = async () => (await host.call('connections.proxy', {})).proxy;
  await host.call('connections.set_proxy', { proxy: 'system' });
  await openApp('/connections');
  for (const way of ['No proxy', 'This one']) await click('radio', way, 'Proxy');
  await fill('Address of the proxy', 'proxy.acme.example:8080', 'Proxy');
  await press('Save proxy');
  await until(async () => expect(await kept()).toContain('proxy.acme.example:8080'));
  await click('radio', 'Match system', 'Proxy');
  await press('Save proxy');
  await until(async () => expect(await kept()).toBe('system'));
});

test.each([
  'Sign in with your browser',
  'Sign in as the app (client credentials)',
  'Sign in with a key (JWT bearer)',
  'Username and password',
])('every step of the way "%s" is ticked in each type of app, and its values are copied', async (way) => {
  const host = await realHost('empty');
  await openApp('/connections/new');
  await press(way);
  await fill('Name of the connection', 'Acme');
  const steps = () => all('checkbox', /^\d+\. /) as HTMLInputElement[];
  const type = (await find('combobox', 'Type of app in Salesforce')) as HTMLInputElement;
  await user.click(type);
  const list = document.getElementById(type.getAttribute('aria-controls') ?? '');
  const types = [...(list?.querySelectorAll('[role=option]') ?? [])].map((one) => one.textContent ?? '');
  expect(types.length).toBeGreaterThan(1);
  await user.click(type);
  for (const one of types) {
    await choose('Type of app in Salesforce', one);
    await find('checkbox', /^1\. /);
    for (const step of steps()) {
      const was = step.checked;
      await user.click(step);
      expect(step.checked).toBe(!was);
    }
    for (const copy of all('button', /^Copy (?!for)/)) await user.click(copy);
  }
  for (const step of steps()) if (!step.checked) await user.click(step);
  await press('Finish later');
  await until(async () => {
    const [draft] = await host.call('connections.drafts', {});
    expect(draft?.ticked.length).toBeGreaterThan(3);
  });
});
