import { expect, test } from 'vitest';
import type { RuleTree } from '../ipc/bindings';
import { openApp } from '../testing/app';
import { REPLICATION, realHost } from '../testing/realHost';
import { all, click, fill, find, menu, press, until, user } from '../testing/user';

const replication = `/replications/${encodeURIComponent(REPLICATION)}`;
const contact = 'marcus.mcallister@cascade-roofing.example';
const selected = (act: string | RegExp) => async () => {
  if (all('group', 'Selected contacts').length === 0) await click('checkbox', /^Select Marcus/);
  await press(act, 'Selected contacts');
};
const mapping = (item: string) => () => menu('More about this mapping', item);

const source = (field: string, kind: RegExp) => async () => {
  await press(new RegExp(`^${field} filled from:`));
  await click('option', kind);
};
const sync = (act: string) => async () => {
  if (all('button', act).length === 0) await press('Consent');
  await press(act);
};

/** Where a dialog is opened from, how, and what it is called. */
const dialogs: [name: RegExp, address: string, open: () => Promise<unknown>][] = [
  [/^New account$/, '/accounts', () => press('New account')],
  [/^New contact$/, '/contacts', () => press('New contact')],
  [/^New replication$/, '/replications', () => press('New replication')],
  [/^New score$/, '/scores', () => press('New score')],
  [/^New workspace$/, '/', () => menu(/^Workspace: /, 'New workspace…')],
  [/^Export contacts$/, '/contacts', () => menu('More actions for contacts', 'Export contacts…')],
  [/^Filter by field$/, '/contacts', () => menu('Add filter', 'By field…')],
  [/^Filter by score$/, '/contacts', () => menu('Add filter', 'By score…')],
  [/^Filter by segment$/, '/contacts', () => menu('Add filter', 'By segment…')],
  [/^Edit 1 contact$/, '/contacts', selected('Edit field…')],
  [/^Add activity$/, '/contacts?open', () => press('Add activity', 'Contact')],
  [/^Erase /, '/contacts?open', () => menu('More actions', 'Erase contact…')],
  [/^Save segment$/, '/new-segment', () => press('Save segment')],
  [/^Add an email list$/, '/new-segment', () => press('Add an email list…')],
  [/^Rename Germans$/, '/segments/Germans', () => menu('More', 'Rename…')],
  [/^Copy Germans/, '/segments/Germans', () => menu('More', 'Copy with fixed members…')],
  [/^Remove Germans$/, '/segments/Germans', () => menu('More', 'Remove…')],
  [/^Rename Engagement$/, '/scores/Engagement', () => press('Rename')],
  [/^Remove Engagement$/, '/scores/Engagement', () => press('Remove score…')],
  [/^Save this search$/, '/search', () => menu('Saved searches', 'Save this search…')],
  [/^Remove Practice$/, '/connections', () => press('Remove…')],
  [/^Use .* in another org$/, `${replication}/plan`, () => menu('More', 'Use in another org…')],
  [/^Add field by name$/, `${replication}/mapping`, mapping('Add field by name…')],
  [/^Description template$/, `${replication}/mapping`, mapping('Description template…')],
  [/^Rules for Email$/, `${replication}/mapping`, () => menu(/^Overwrite Email/, 'More rules…')],
  [/^Paste rows$/, `${replication}/mapping`, () => press('Paste')],
  [/^Constant for Title$/, `${replication}/mapping`, source('Title', /^Constant/)],
  [/^Template for Title$/, `${replication}/mapping`, source('Title', /^Template/)],
  [/^Value map for /, `${replication}/mapping`, () => menu(/^Overwrite Title/, 'Value map…')],
  [/^New purpose$/, '/consents', () => press('New purpose')],
  [/^Record answers$/, '/consents', () => press('Record answers…')],
  [/^Add wording$/, '/consents', () => press('Add wording…')],
  [/^New consent sync$/, '/consents', () => press('New consent sync')],
  [/^Settings of Consent$/, '/consents', sync('Settings…')],
  [/^Remove Consent$/, '/consents', sync('Remove…')],
  [/^Add object$/, '/pulls/All', () => press('Add object')],
  [/^Fields and records of Lead$/, '/pulls/All', () => press('Change fields and records of Lead')],
  [/^Remove Lead$/, '/pulls/All', () => press('Stop reading Lead')],
  [/^Remove All$/, '/pulls/All', () => press('Remove')],
  [/^Salvage the workspace$/, '/', () => menu(/^Workspace: /, 'Salvage a damaged workspace…')],
];

test.each(dialogs)(
  'the dialog %s is left by Cancel and by Close, and nothing has changed',
  async (name, address, open) => {
    const host = await realHost('practice');
    const tree = { all: [{ field: 'country', op: 'equals', value: 'DE' }] } as unknown as RuleTree;
    await host.call('segments.add', { name: 'Germans', description: '', tree });
    await host.call('pulls.add', { name: 'All', objects: [{ object: 'Lead' }, { object: 'Account' }] });
    await host.call('consents.add', { path: 'Newsletter' });
    await host.call('consent_syncs.add', { name: 'Consent', object: 'Lead', settings: {} } as never);
    const before = await host.call('workspaces.current', {});
    const [guid] = await host.call('contacts.guids', {
      filter: { text: contact },
      columns: [],
      from: 0,
      limit: 1,
    });
    await openApp(address.replace('?open', `?open=${guid}`));
    if (address === '/contacts') await fill('Search contacts', contact);
    for (const way of ['Cancel', 'Close']) {
      await open();
      await press(way, name);
      await until(() => expect(all('dialog', name)).toEqual([]));
      // Who works by keyboard goes on where they were.
      expect(document.activeElement).not.toBe(document.body);
    }
    const after = await host.call('workspaces.current', {});
    expect(after?.counts).toEqual(before?.counts);
  },
);

test('the dialogs that only show something are closed', async () => {
  await realHost('practice');
  await openApp('/contacts');
  await press(/^Search or jump to/);
  await fill('Search or jump to', 'about');
  await press(/^About Leadferry/);
  await press('Copy the version', 'About Leadferry');
  await press('Close', 'About Leadferry');
  await press(/^Search or jump to/);
  await fill('Search or jump to', 'shortcuts');
  await press(/^Keyboard shortcuts/);
  await press('Close', 'Keyboard shortcuts');
  await menu('More actions for contacts', 'Custom fields…');
  await press('Close', 'Custom fields');
  await find('grid', 'Contacts');
  await press(/^Search or jump to/);
  await fill('Search or jump to', 'find links');
  await press(/^Find links/, 'Search or jump to');
  await find('heading', 'Find links');
});

test('every field of an account is changed in its place', async () => {
  const host = await realHost('empty');
  const { id } = await host.call('accounts.add', { name: 'Acme', fields: {} });
  await openApp(`/accounts?open=${id}`);
  const values = {
    Website: 'https://acme.example',
    Phone: '+1 503 555 0102',
    Street: 'Main 1',
    'Postal code': '97205',
    State: 'US-OR',
    Country: 'US',
    Industry: 'Retail',
    Notes: 'Met at the fair',
  };
  for (const [label, value] of Object.entries(values)) {
    await fill(label, value, 'Account');
    await user.tab();
  }
  await until(async () =>
    expect(Object.keys((await host.call('accounts.show', { account: id })).fields).length).toBeGreaterThan(5),
  );
});
