import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { type RealHost, realHost } from '../../testing/realHost';
import { choose, click, fill, find, press, see, until } from '../../testing/user';

const PEOPLE = [
  'E-Mail;Vorname;Nachname;Ort;Land;Geburtstag;Filiale',
  'ada@example.com;Ada;Lovelace;London;Vereinigtes Königreich;10.12.1815;West',
  'grace@example.com;Grace;Hopper;New York;USA;09.12.1906;Ost',
  'nobody;No;Body;Bonn;Deutschland;01.02.1990;Ost',
  'alan@;Alan;Turing;;;;',
].join('\r\n');

async function chosen(text: string | Uint8Array = PEOPLE, name = 'people.csv'): Promise<RealHost> {
  const host = await realHost('empty');
  await host.file(name, text);
  await openApp('/contacts/import');
  await press('Choose a file');
  await find('table', 'Columns');
  return host;
}

test('a file is read in the way that is chosen, imported, mended, opened and undone', async () => {
  const host = await chosen();
  await choose('Identify contacts by', 'Nothing (every row is new)');
  await choose('Identify contacts by', 'Email');
  await choose('Existing contacts', 'Skip');
  await choose('Existing contacts', 'Update with values from the file');
  await choose('Dates like 03/04/1990', /^Day.*month/i);
  await choose('Delimiter', 'Semicolon');
  await choose('Encoding', 'UTF-8');
  await choose('Header row', /^1: /);
  await choose('Default country', 'Germany');
  await click('checkbox', 'Create custom fields for unmapped columns');
  await click('checkbox', 'Create accounts from company names');
  for (let times = 0; times < 2; times++) await click('checkbox', /^Decode HTML codes/);
  await choose('Ort maps to', 'City');
  await press('Import 2 contacts');
  await see('Invalid rows');
  expect(await host.call('contacts.count', {})).toBe(2);

  await host.pick(host.path('errors.csv'));
  await press('Save as file');
  await see(`saved to ${host.path('errors.csv')}`);
  await press('Show all columns', 'Row 5');
  await fill('E-Mail', 'body@', 'Row 4');
  await press('Import 1 fixed row');
  await see('Still invalid');
  await fill('E-Mail', 'body@example.com', 'Row 4');
  await press('Import 1 fixed row');
  await until(async () => expect(await host.call('contacts.count', {})).toBe(3));

  await press('Undo import');
  await see('Import undone');
  await press('All imports');
  await find('table', 'Recent imports');
});

test('a file that was imported before says so, and its import opens its contacts', async () => {
  const host = await chosen();
  await press('Import 2 contacts');
  await see('Invalid rows');
  await press('Choose another file');
  await see('You imported this file before.');
  await press('All imports');
  await press('people.csv');
  await press('Open contacts');
  await see('2 contacts');
  expect(await host.call('contacts.count', { import: 1 })).toBe(2);
});

test('a file that is no table says why, and can be read in another way', async () => {
  const host = await realHost('empty');
  await host.file('empty.csv', '');
  await openApp('/contacts/import');
  await press('Choose a file');
  await see('is empty');
  await choose('Delimiter', 'Comma');
  expect(await host.call('contacts.count', {})).toBe(0);
});

test('a dialog that is canceled leaves the screen as it was', async () => {
  const host = await realHost('empty');
  await host.pick(null);
  await openApp('/contacts/import');
  await press('Choose a file');
  await see('Choose a contacts file or drop one here');
});

test('numbers that can be read in two ways are read as the user says', async () => {
  await chosen('E-Mail;Budget\r\nada@example.com;1.234\r\ngrace@example.com;2.500\r\n', 'budgets.csv');
  await click('checkbox', 'Create custom fields for unmapped columns');
  await choose('Numbers like 1.234', /./);
  await find('button', 'Import 2 contacts');
});

test('a file of invalid rows alone is fixed from the list of imports', async () => {
  const host = await chosen('E-Mail;Nachname\r\nnobody;Body\r\n', 'wrong.csv');
  await press('Fix 1 invalid row');
  await fill('E-Mail', 'body@example.com', /^Row 2/);
  await press('Import 1 fixed row');
  await until(async () => expect(await host.call('contacts.count', {})).toBe(1));
  await press('All imports');
  await press('Fixed rows of wrong.csv');
  await click('link', /^Contacts \//);
});
