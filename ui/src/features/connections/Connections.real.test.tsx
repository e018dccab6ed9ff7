import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { choose, click, fill, find, press, see, until } from '../../testing/user';

test('the practice org is connected, tested and removed', async () => {
  const host = await realHost('empty');
  await openApp('/connections');
  await see('No connections yet');
  await press('Connect an org');
  await choose('Org', 'Practice org on this computer');
  await press('Finish later');
  await see('No connections yet');
  await press('Connect an org');
  await choose('Org', 'Practice org on this computer');
  await fill('Name of the connection', 'Rehearsal');
  await press('Connect the practice org');
  await press('Test');
  await see('The connection to Rehearsal works.');
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
  await choose('Org', 'Salesforce: sign in as the app');
  await choose('Type of app in Salesforce', /./);
  await fill('Name of the connection', 'Acme');
  await fill('Address of your Salesforce', 'acme');
  await see('https://acme.my.salesforce.com');
  await fill('Address of your Salesforce', address ?? '');
  await press('Copy for your administrator');
  await press('Copy the app’s name');
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
  await press(/^Go to step/);
  await press(/^Salesforce’s answer/);
  await press('Finish later');
  await find('heading', 'Connections');
});

test('a sign-in in the browser says where, and can be stopped', async () => {
  const host = await realHost('practice');
  await host.call('connections.test', { name: 'Practice' });
  const { address } = await host.call('practice.state', {});
  await openApp('/connections/new');
  await fill('Name of the connection', 'Acme');
  await fill('Address of your Salesforce', address ?? '');
  await fill('Consumer key', '3MVG9no.such.app');
  await fill('Consumer secret (only if the app requires one)', 'secret');
  await click('checkbox', /^8\. /);
  await press('Sign in');
  await press('Cancel', /passphrase/);
  await press('Sign in');
  await fill('Passphrase', 'correct horse', /passphrase/);
  await fill('Repeat the passphrase', 'correct horse', /passphrase/);
  await press('Set passphrase');
  await see('Salesforce doesn’t recognize the app yet');
  await press('Stop signing in');
  await see('The sign-in was canceled');
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
