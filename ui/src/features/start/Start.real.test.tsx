import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { REPLICATION, realHost } from '../../testing/realHost';
import { choose, click, fill, find, press, see, until } from '../../testing/user';

const here = () => window.location.hash;

test('what to set up is found by the palette, and each choice leads to its form', async () => {
  await realHost('practice');
  await openApp();
  await press(/^Search or jump to/);
  await fill('Search or jump to', 'new…');
  await press(/^New…/);
  await find('heading', 'Sync consent');
  await fill('Search what to set up', 'nothing at all');
  await press('Clear search');
  const choices: [name: string, opens: () => unknown][] = [
    ['Replication to leads', () => find('dialog', 'New replication')],
    ['Replication to contacts', () => find('dialog', 'New replication')],
    ['Pull', () => until(() => expect(here()).toContain('/new-pull'))],
    ['Consent sync to leads', () => find('dialog', 'New consent sync')],
    ['Consent sync to contacts', () => find('dialog', 'New consent sync')],
  ];
  for (const [name, opens] of choices) {
    await openApp('/new');
    await press(name);
    await opens();
  }
});

test('a replication that has never run is set up part by part', async () => {
  const host = await realHost('practice');
  await host.call('replications.remove', { name: REPLICATION });
  await openApp('/replications');
  await press('New replication');
  await fill('Name', 'Fair', 'New replication');
  await fill('Description', 'People from the fair', 'New replication');
  await press('Create replication');
  await until(() => expect(here()).toContain('/details'));
  // What isn't saved isn't left behind.
  await fill('Description', 'Changed');
  const next = (await find('button', 'Next: Contacts')) as HTMLButtonElement;
  expect(next.disabled).toBe(true);
  await press('Discard changes');
  const parts = ['Contacts', 'Segments', 'Mapping', 'Schedule', 'Review'];
  for (const part of parts) await press(`Next: ${part}`);
  for (const _ of parts) await press('Back');
  await press('Back');
  await find('region', 'Connection');
  await press('Next: Details and alerts');
  const all = ['Sign in', 'Details and alerts', ...parts];
  for (const [at, part] of all.entries()) await press(`${at + 1}. ${part}`);
  await press('5. Mapping');
  await until(async () => {
    const { standing } = await host.call('replications.show', { name: 'Fair' });
    expect(standing.set_up_at).toBe('mapping');
  });
  await openApp('/replications');
  await see('Draft, step 5 of 7, Mapping.');
  await click('link', 'Continue setup of Fair');
  await find('grid', /^Fields of/);
  const { settings } = await host.call('replications.show', { name: 'Fair' });
  expect(settings.about).toBe('People from the fair');
  await openApp('/replications/Fair/settings');
  await fill('Description', 'People from the spring fair');
  await press('Save settings');
  await until(async () => {
    const shown = await host.call('replications.show', { name: 'Fair' });
    expect(shown.settings.about).toBe('People from the spring fair');
  });
});

test('a setup without a sign-in says what is missing, and leads to it', async () => {
  const host = await realHost('empty');
  const app = { flow: 'browser', host: 'acme', client_id: '3MVG9no.such.app' };
  await host.call('connections.add', { name: 'Acme', ...app } as never);
  await host.call('connections.add', { name: 'Other', ...app } as never);
  await openApp('/replications');
  await press('New replication');
  await fill('Name', 'Fair', 'New replication');
  await press('Create replication');
  await until(() => expect(here()).toContain('/connection'));
  await see('Still missing:');
  await choose('Connection', 'Acme');
  await press('Sign in to Acme');
  await find('heading', 'Acme');
  await openApp('/replications/Fair');
  await press('Connect an org');
  await until(() => expect(here()).toContain('/connections/new'));
});

test('the help and the consent screen lead to the connections', async () => {
  await realHost('practice');
  for (const screen of ['/help', '/consents']) {
    await openApp(screen);
    await click('link', 'Connections', screen === '/help' ? 'Network' : 'Set up a consent sync');
    await until(() => expect(here()).toBe('#/connections'));
  }
});
