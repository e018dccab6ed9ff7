import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { fill, press, see, until } from '../../testing/user';

test('a pasted error is explained, with the note for the admin, and everything is checked', async () => {
  const host = await realHost('practice');
  await openApp('/doctor');
  await fill('Error code or message', 'nothing of the kind');
  await see('No known error in this text');
  await fill('Error code or message', '{"error":"invalid_grant","error_description":"ip restricted"}');
  await see('accept sign-ins from this network');
  await see('Your Salesforce admin');
  await press('Note for your admin');
  await press('Copy: Note for your admin');
  await press('Check offline');
  await see('Everything works.');
  await press('Open connections');
  await until(async () => expect((await host.call('connections.list', {})).length).toBe(1));
});

test('a connection is checked line by line, and what is missing is for the admin', async () => {
  const host = await realHost('practice');
  await host.call('connections.test', { name: 'Practice' });
  await openApp('/connections');
  await press('Check');
  await see('Sign-in and API access');
  await see('API calls used');
  await see('As the system is set');
});

test('an error leads to the screen where it is fixed, and the orgs are asked when that is wanted', async () => {
  const host = await realHost('practice');
  await host.call('connections.test', { name: 'Practice' });
  const [before] = await host.call('connections.list', {});
  await openApp('/doctor');
  await press('Check with the orgs');
  await see('Everything works.');
  const [after] = await host.call('connections.list', {});
  expect(after?.budget?.used).toBeGreaterThan(before?.budget?.used ?? 0);
  await fill('Error code or message', 'the org said DUPLICATES_DETECTED: use one of these records');
  await press(/^In its own words/);
  await press('Open replications');
  await until(() => expect(window.location.hash).toBe('#/replications'));
});
