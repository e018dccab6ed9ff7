import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { REPLICATION, realHost } from '../../testing/realHost';
import { click, fill, find, press, until } from '../../testing/user';

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
  await until(() => expect(here()).toContain('/mapping'));
  for (const part of ['Schedule and alerts', 'Review']) await press(`Next: ${part}`);
  for (const _ of ['settings', 'mapping', 'segments', 'who']) await press('Back');
  await press('Next: Segments');
  await press('Next: Mapping');
  await until(() => expect(here()).toContain('/mapping'));
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

test('the help and the consent screen lead to the connections', async () => {
  await realHost('practice');
  for (const screen of ['/help', '/consents']) {
    await openApp(screen);
    await click('link', 'Connections', screen === '/help' ? 'Network' : 'Set up a consent sync');
    await until(() => expect(here()).toBe('#/connections'));
  }
});
