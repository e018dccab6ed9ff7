import { expect, test } from 'vitest';
import { openApp } from '../testing/app';
import { REPLICATION, type RealHost, realHost } from '../testing/realHost';
import { choose, click, fill, find, lose, menu, press, see, until, user } from '../testing/user';
import { rest, work } from './screens';

const here = () => window.location.hash.replace(/^#/, '');

test('the first run has three ways to begin, and says what leaves the computer', async () => {
  const host = await realHost('new');
  await openApp();
  await press('What leaves this computer?');
  await see('connects to no other server');
  await press('Choose a file');
  await until(() => expect(here()).toContain('/contacts/import'));
  expect((await host.call('workspaces.current', {}))?.name).toBe('My contacts');
});

test.each([
  ['Start setup', '/connections/new'],
  ['Open the practice org', `/replications/${encodeURIComponent(REPLICATION)}/plan`],
])('%s makes a workspace and leads on', async (button, to) => {
  await realHost('new');
  await openApp();
  await press(button);
  await until(() => expect(here()).toContain(to));
});

test('an existing workspace is opened from the first screen', async () => {
  const host = await realHost('practice');
  const path = (await host.call('workspaces.current', {}))?.path ?? '';
  await host.call('workspaces.close', {});
  await host.pick(path);
  await openApp();
  await press('Open an existing workspace');
  await until(async () => expect((await host.call('workspaces.current', {}))?.path).toBe(path));
});

test('every screen is reached by the navigation and by its keys', async () => {
  await realHost('practice');
  await openApp();
  for (const { name, to } of [...work, ...rest]) {
    await click('link', new RegExp(`^${name}`), 'Screens');
    await until(() => expect(here()).toBe(to));
  }
  for (const { key, to } of [...work, ...rest]) {
    (document.activeElement as HTMLElement | null)?.blur();
    await user.keyboard(`g${key}`);
    await until(() => expect(here()).toBe(to));
  }
});

test('the keys are listed, and each does what it says', async () => {
  await realHost('practice');
  await openApp('/contacts');
  await find('grid', 'Contacts');
  (document.activeElement as HTMLElement | null)?.blur();
  await user.keyboard('?');
  await find('dialog', 'Keyboard shortcuts');
  await user.keyboard('{Escape}');
  await lose('Keyboard shortcuts');
  await user.keyboard('/');
  await until(() => expect(document.activeElement).toHaveProperty('type', 'search'));
  await user.keyboard('{Control>}+{/Control}{Control>}-{/Control}{Control>}0{/Control}');
  await user.keyboard('{Control>}k{/Control}');
  await find('textbox', 'Search or jump to');
  await user.keyboard('{ArrowDown}{ArrowUp}{Escape}');
});

/** What is typed into the palette, and what it leads to. */
const found: [typed: string, entry: RegExp, holds: (host: RealHost) => void | Promise<void>][] = [
  [
    'dark',
    /^Switch to dark mode/,
    async (host) => expect(await host.call('shell.preference', { key: 'color_scheme' })).toBe('dark'),
  ],
  ['import', /^Import contacts/, () => expect(here()).toContain('/contacts/import')],
  ['export', /^Export contacts/, () => see('All fields')],
  ['new contact', /^New contact/, () => see('First name')],
  ['new segment', /^New segment/, () => expect(here()).toBe('/new-segment')],
  ['new score', /^New score/, () => see('Add score')],
  ['new repl', /^New replication/, () => see('Create replication')],
  ['new pull', /^New pull/, () => expect(here()).toBe('/new-pull')],
  ['new consent', /^New consent sync/, () => expect(here()).toContain('/consents')],
  ['plan leads', /^Plan Leads/, () => expect(here()).toContain('/plan')],
  ['marcus mcallister', /^Marcus McAllister/, () => expect(here()).toContain('open=')],
  ['engage', /^Engagement/, () => expect(here()).toBe('/scores/Engagement')],
  ['backups', /^Backups/, () => expect(here()).toBe('/settings')],
  ['about', /^About Leadferry/, () => see('Version')],
];

test.each(found)('the palette finds %s', async (typed, entry, holds) => {
  const host = await realHost('practice');
  await openApp();
  await press(/^Search or jump to/);
  await fill('Search or jump to', typed);
  await find('button', entry);
  // What Enter takes is in sight, also where the host has found it.
  await until(() => expect(document.querySelector('[data-action][data-selected]')).toBeTruthy());
  await press(entry);
  await until(() => holds(host));
});

test('workspaces are made, switched between, backed up and closed', async () => {
  const host = await realHost('practice');
  await openApp();
  const name = async () => (await host.call('workspaces.current', {}))?.name;
  await menu(/^Workspace: /, 'New workspace…');
  await fill('Name', 'Acme');
  await press('Create workspace');
  await until(async () => expect(await name()).toBe('Acme'));
  await host.pick(host.path('copy.leadferry'));
  await menu('Workspace: Acme', 'Back up to a file…');
  await see('copy.leadferry');
  await menu('Workspace: Acme', /^Practice/);
  await until(async () => expect(await name()).toBe('Practice'));
  await menu('Workspace: Practice', 'Open an existing workspace…');
  await until(async () => expect(await name()).toBe('Acme'));
  await press('Review workspace');
  await press('Cancel', 'Review this workspace');
  await press('Review workspace');
  await press('Close', 'Review this workspace');
  await press('Review workspace');
  await press('Approve workspace');
  await until(async () => expect((await host.call('workspaces.current', {}))?.approved).toBe(true));
  await menu('Workspace: Acme', 'Close this workspace');
  await until(async () => expect(await name()).toBeUndefined());
});

test('an alert is shown under the bell and marked as seen', async () => {
  const host = await realHost('sent');
  const { unseen } = await host.call('alerts.list', {});
  await openApp();
  await press(/^Alerts/);
  if (unseen === 0) return see('No alerts yet');
  await press('Mark all as seen');
  await until(async () => expect((await host.call('alerts.list', {})).unseen).toBe(0));
  await press('Alerts');
  await press('Alerts');
  await find('button', 'Alerts');
});

test('the overview leads to what needs attention, and every picture has its table', async () => {
  await realHost('sent');
  await openApp();
  for (const name of ['Sent, by day', /^API calls/]) {
    await press('Show table', name);
    await find('table', name);
    await press('Show chart', name);
  }
  await click('link', 'Fix');
  await until(() => expect(here()).toContain('/queue'));
});

test('a change of yesterday is undone from the list of changes', async () => {
  const host = await realHost('practice');
  const before = await host.call('contacts.count', {});
  await host.call('contacts.delete', { filter: { text: 'cascade-roofing' }, except: [] });
  await openApp('/changes');
  await press(/^Undo: .*eleted/);
  await until(async () => expect(await host.call('contacts.count', {})).toBe(before));
  await see('Undone');
});

test('undoing an import says what it removes and asks first', async () => {
  const host = await realHost('practice');
  const before = await host.call('contacts.count', {});
  await openApp('/changes');
  await press(/^Undo: Imported a file/);
  await press('Cancel', /^Undo: Imported/);
  await press(/^Undo: Imported a file/);
  await press('Close', /^Undo: Imported/);
  expect(await host.call('contacts.count', {})).toBe(before);
  await press(/^Undo: Imported a file/);
  await press('Undo', /^Undo: Imported/);
  await until(async () => expect(await host.call('contacts.count', {})).toBeLessThan(before));
});

test('own fields are added, renamed and removed', async () => {
  const host = await realHost('practice');
  await openApp('/contacts');
  await menu('More actions for contacts', 'Custom fields…');
  await fill('New field', 'Price');
  await choose('Type', 'Decimal number');
  await fill('Decimal places', '2');
  await press('Add field');
  await press('Rename Price');
  await fill('Name', 'List price', 'Rename Price');
  await press('Rename field');
  await press('Remove List price');
  await press('Remove field');
  const names = async () => (await host.call('custom_fields.list', {})).map(({ name }) => name);
  await until(async () => expect(await names()).not.toContain('List price'));
});

test('an empty workspace is filled with sample contacts and a practice org', async () => {
  const host = await realHost('empty');
  await openApp();
  await press('Add sample contacts and the practice org');
  await until(() => expect(here()).toContain('/plan'));
  expect(await host.call('contacts.count', {})).toBeGreaterThan(100);
});

test('the overview opens the plan of a replication that was never sent', async () => {
  await realHost('practice');
  await openApp();
  await press('Open plan');
  await until(() => expect(here()).toContain('/plan'));
});

test('an alert leads to the run that it is about', async () => {
  const host = await realHost('planned');
  await host.call('replications.set', {
    name: REPLICATION,
    settings: { alerts: ['finished', 'partly_failed'] },
  });
  await host.call('replications.run', { name: REPLICATION } as never);
  await openApp();
  await press(/^Alerts/);
  await press(REPLICATION, 'Alerts');
  await until(() => expect(here()).toContain('/runs'));
});

test.each([
  ['appearance', 'Appearance', '/settings'],
  ['manage custom', 'Manage custom fields', '/contacts'],
])('the palette finds %s among settings and dialogs', async (typed, entry, to) => {
  await realHost('practice');
  await openApp('/contacts');
  await find('grid', 'Contacts');
  await press(/^Search or jump to/);
  await fill('Search or jump to', typed);
  await press(new RegExp(`^${entry}`));
  await until(() => expect(here()).toContain(to));
});

test('the palette leads to each setting, and changes how the window looks', async () => {
  const host = await realHost('practice');
  await openApp('/contacts');
  for (const [typed, entry] of [
    ['workspace name', 'Workspace name'],
    ['keep sent', 'Keep sent values'],
    ['log files', 'Workspace folder and log files'],
  ] as const) {
    await press(/^Search or jump to/);
    await fill('Search or jump to', typed);
    await press(new RegExp(`^${entry}`));
    await until(() => expect(here()).toBe('/settings'));
  }
  for (const [typed, scheme] of [
    ['switch to light', 'light'],
    ['switch to dark', 'dark'],
    ['match system', 'auto'],
  ] as const) {
    await press(/^Search or jump to/);
    await fill('Search or jump to', typed);
    await press(new RegExp(`^${typed}`, 'i'));
    await until(async () =>
      expect(await host.call('shell.preference', { key: 'color_scheme' })).toBe(scheme),
    );
  }
  await press(/^Search or jump to/);
  await fill('Search or jump to', 'new workspace');
  await press(/^New workspace/);
  await find('dialog', 'New workspace');
});

test('the overview names the next step, and what waits, with the way there', async () => {
  const host = await realHost('empty');
  await host.call('contacts.add' as never, { fields: { email: 'ada@example.com' } } as never);
  await openApp();
  await press('Connect Salesforce');
  await until(() => expect(here()).toContain('/connections/new'));
});

test('contacts that wait are sent from the overview', async () => {
  const host = await realHost('sent');
  await openApp();
  await press(/^Open plan of/);
  await until(() => expect(here()).toContain('/plan'));
  await click('link', /^Overview/, 'Screens');
  await host.call('queue.retry', { replication: REPLICATION });
  await click('link', 'Review and run');
  await until(() => expect(here()).toContain('/plan'));
});
