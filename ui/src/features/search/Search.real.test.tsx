import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, menu, press, see, until, user } from '../../testing/user';

test('without a connection, the search says what is missing', async () => {
  await realHost('empty');
  await openApp('/search');
  await press('Open Connections');
  await until(() => expect(window.location.hash).toBe('#/connections'));
});

test('records are found by conditions, shown in columns, imported, linked and opened', async () => {
  const host = await realHost('practice');
  await openApp('/search');
  await press('Add condition');
  await choose('Field, condition 1', 'Last Name (LastName)');
  await choose('Operator, condition 1', 'has a value');
  await press('Add condition');
  await choose('Field, condition 2', 'Email (Email)');
  await choose('Operator, condition 2', /contains/);
  await fill('Value, condition 2', '@');
  await choose('How many conditions must match', /./);
  await press('Search');
  await find('table', 'Records found');
  await press('Columns');
  await choose('Columns', /^Title/, 'Search');
  await press('Search');
  await press('Title', 'Records found');
  await press('Remove condition 2');
  await press('Search');
  await find('table', 'Records found');

  const before = await host.call('contacts.count', {});
  await click('checkbox', 'Select Leilani Kahananui');
  await press('Import as contacts');
  await until(async () => expect(await host.call('contacts.count', {})).toBe(before + 1));
  await press(/^Undo: 1 contact added/);
  await until(async () => expect(await host.call('contacts.count', {})).toBe(before));
  await click('checkbox', 'Select all records shown');
  await see('You can link one record at a time.');
  await click('checkbox', 'Select all records shown');

  await menu('Saved searches', 'Save this search…');
  await fill('Name', 'With a name');
  await press('Save search');
  await until(async () => expect(await host.call('search.saved', {})).toHaveLength(1));
  await menu('Saved searches', 'With a name');
  await press('Saved searches');
  await press('Remove the search With a name');
  await until(async () => expect(await host.call('search.saved', {})).toHaveLength(0));
});

test('an empty search offers searches to begin with, and those that were saved', async () => {
  await realHost('practice');
  await openApp('/search');
  await see('No saved searches of leads yet.');
  for (const starter of [/^New leads of the last/, /^Leads changed in/, 'Open leads with an email']) {
    await press(starter);
    await until(() => expect(all('group', 'Conditions')[0]?.textContent).not.toBe('Add condition'));
    await find('button', 'Remove condition 1');
    await until(() => expect(all('button', starter)).toEqual([]));
    await click('radio', 'Accounts');
    await click('radio', 'Leads');
  }
  await press('Open leads with an email');
  await menu('Saved searches', 'Save this search…');
  await fill('Name', 'Open leads');
  await press('Save search');
  for (const [object, starter] of [
    ['Contacts', 'Contacts with an email'],
    ['Accounts', 'Accounts with a website'],
    ['Campaigns', 'Active campaigns'],
  ] as const) {
    await click('radio', object);
    await press(starter);
    await find('button', 'Remove condition 1');
  }
  await click('radio', 'Leads');
  await press('Open leads', 'Saved searches');
  await find('button', 'Remove condition 2');
  await find('table', 'Records found');
});

test('words are searched for in the fields that are chosen, of any object', async () => {
  await realHost('practice');
  await openApp('/search');
  for (const object of ['Contacts', 'Accounts', 'Campaigns', 'Leads']) await click('radio', object);
  await fill('Search words', 'Leilani');
  for (const place of ['names', 'email addresses', 'phone numbers', 'all fields']) {
    await choose('Search in', place);
  }
  await press('Search');
  await see('Leilani Kahananui');
  await fill('Search words', 'nobody of this name');
  await press('Search');
  await see('No results');
});

test('a query is written by hand, and its rows are shown page by page', async () => {
  await realHost('practice');
  await openApp('/search');
  await click('radio', 'SOQL');
  await fill('SOQL', 'SELECT Nonsense FROM Lead');
  await press('Run');
  await see('No such column');
  await fill('SOQL', 'SELECT Id, Name FROM Lead');
  await press('Run');
  await find('table', 'Results');
});

test('the columns of the results are sorted by, moved and widened by keyboard', async () => {
  await realHost('practice');
  await openApp('/search');
  await press('Search');
  await find('table', 'Records found');
  const heads = () => [...document.querySelectorAll<HTMLElement>('th[data-column]')];
  const names = () => heads().map((head) => head.dataset.column);
  const head = (name: string | undefined) => {
    const found = heads().find(({ dataset }) => dataset.column === name);
    return found?.querySelector('button') as HTMLElement;
  };
  for (const name of names()) {
    await user.click(head(name));
    // The list stays while it is sorted, and the focus stays on the head.
    await until(() => expect(head(name).closest('th')?.getAttribute('aria-sort')).toBe('ascending'));
    expect(document.activeElement).toBe(head(name));
  }
  const before = names();
  head(before[0]).focus();
  await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
  await until(() => expect(names()).not.toEqual(before));
  const width = await find('separator', /^Width of /);
  const was = Number(width.getAttribute('aria-valuenow'));
  width.focus();
  await user.keyboard('{ArrowRight}');
  await until(() =>
    expect(Number(all('separator', /^Width of /)[0]?.getAttribute('aria-valuenow'))).toBeGreaterThan(was),
  );

  await click('radio', 'Contacts');
  await press('Search');
  await press('Account');
  const account = () => heads().find((one) => one.textContent?.startsWith('Account'));
  await until(() => expect(account()?.getAttribute('aria-sort')).toBe('ascending'));
});

test('a record is linked to a contact that is searched for', async () => {
  const host = await realHost('practice');
  await openApp('/search');
  await fill('Search words', 'Leilani');
  await press('Search');
  await click('checkbox', 'Select Leilani Kahananui');
  await press('Link to a contact…');
  await press('Close', /^Link /);
  await press('Link to a contact…');
  await fill('Contact', 'marcus mcallister', /^Link /);
  await press(/^Link to Marcus/, /^Link /);
  await see('Leilani Kahananui is linked.');
  await until(async () => expect((await host.call('links.list', { limit: 5 })).links).toHaveLength(1));
});
