import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { choose, click, fill, find, press, see, until } from '../../testing/user';

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
  await see('Connected to Rehearsal');
  await press('Done', 'Connected to Rehearsal');
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
  await see('Salesforce refused the sign-in');
  await press('Copy a note for your administrator');
  await press(/^Salesforce’s answer/);
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
  await see('Still activating, 15 min left');
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
