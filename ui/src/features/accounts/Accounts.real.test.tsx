import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { choose, fill, find, press, see, until } from '../../testing/user';

test('accounts are found by how they begin, page by page', async () => {
  await realHost('practice');
  await openApp('/accounts');
  await find('table', 'Accounts');
  await press('Next', 'Pages');
  await press('Previous', 'Pages');
  await fill('Search accounts', 'Liffey');
  await find('button', 'Liffey Software');
  await fill('Search accounts', 'no such account');
  await see('No matching accounts');
});

test('an account is added, changed, given a contact, and deleted', async () => {
  const host = await realHost('practice');
  await openApp('/accounts');
  await press('New account');
  await fill('Name', 'Babbage Works', 'New account');
  await press('Add account');
  const account = await find('complementary', 'Account');
  const id = (await host.call('accounts.list', { begin: 'Babbage', from: 0, limit: 1 })).lines[0]?.id ?? 0;
  const card = () => host.call('accounts.show', { account: id });
  expect(account).toBeTruthy();
  await fill('City', 'London', 'Account');
  await press('Close the panel');
  await fill('Search accounts', 'Babbage');
  await press('Babbage Works');
  await until(async () => expect((await card()).fields.city).toBe('London'));
  await fill('Add a contact', 'Marcus McAllister', 'Account');
  await press('Add Marcus McAllister');
  await choose('Role of Marcus McAllister', /./, 'Account');
  await until(async () => expect((await card()).members).toHaveLength(1));
  await press('Remove Marcus McAllister from the account');
  await until(async () => expect((await card()).members).toHaveLength(0));
  await press('Undo: Marcus McAllister removed from the account.');
  await until(async () => expect((await card()).members).toHaveLength(1));
  await press('Delete account…');
  await press('Cancel', 'Account');
  await press('Delete account…');
  await press('Delete account', 'Account');
  await until(async () =>
    expect((await host.call('accounts.list', { begin: 'Babbage', from: 0, limit: 1 })).total).toBe(0),
  );
});
