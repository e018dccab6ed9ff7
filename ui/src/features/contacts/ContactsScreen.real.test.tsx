import { beforeAll, expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { type RealHost, realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, menu, press, see, until, user } from '../../testing/user';

beforeAll(() => {
  // There is no layout here: the list needs a height to know what is in sight.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { value: 600 });
});

/** A contact of the samples, and what finds only them. */
const MARCUS = 'Marcus McAllister';
const CASCADE = 'marcus.mcallister@cascade-roofing.example';

async function opened(): Promise<RealHost> {
  const host = await realHost('practice');
  await openApp('/contacts');
  await find('grid', 'Contacts');
  return host;
}

async function guidOf(host: RealHost, text: string): Promise<string> {
  const [guid] = await host.call('contacts.guids', { filter: { text }, columns: [], from: 0, limit: 1 });
  if (!guid) throw new Error(`nobody is found by ${text}`);
  return guid;
}

test('contacts are searched for, and nobody who fits is said, with the way back', async () => {
  const host = await opened();
  const all = await host.call('contacts.count', {});
  await see(`${all.toLocaleString('en-US')} contacts`);
  await fill('Search contacts', 'Marcus McAllister');
  await find('checkbox', `Select ${MARCUS}`);
  await fill('Search contacts', 'nobody at all');
  await see('No matching contacts');
  await press('Show all contacts');
  await see(`${all.toLocaleString('en-US')} contacts`);
});

/** What is chosen from the menu of filters, filled in, and how the filter then reads. */
const filters: [item: string | RegExp, fill: (() => Promise<void>) | null, chip: RegExp][] = [
  ['Not sent yet', null, /Not sent yet/],
  [
    'By field…',
    async () => {
      await choose('Field', 'City');
      await choose('Condition', 'is');
      await fill('Value', 'Portland');
      await press('Apply filter');
    },
    /City .*Portland/,
  ],
  [
    'By field…',
    async () => {
      await choose('Country', 'Norway');
      await press('Apply filter');
    },
    /Country .*Norway/,
  ],
  [
    'By score…',
    async () => {
      await fill('Minimum points', '60');
      await press('Apply filter');
    },
    /Engagement.*60/,
  ],
  [/Sample contacts/, null, /Sample contacts/],
  ['Deleted contacts', null, /Deleted/],
];

test.each(filters)('the filter %s narrows the list and is taken away again', async (item, fillIn, chip) => {
  await opened();
  await menu('Add filter', item);
  await fillIn?.();
  const remove = await find('button', new RegExp(`^Remove filter .*${chip.source}`));
  await user.click(remove);
  await until(() => expect(all('button', /^Remove filter/)).toEqual([]));
});

test('the columns of the list are chosen, sorted by and reset', async () => {
  const host = await opened();
  await press('Columns');
  await fill('Search columns', 'job');
  await click('checkbox', 'Job title');
  await press('Job title');
  await until(() => expect(all('columnheader', /Job title/)[0]?.getAttribute('aria-sort')).toBe('ascending'));
  expect(await host.call('shell.preference', { key: 'contacts_columns' })).toContain('job_title');
  await press('Columns');
  await press('Reset');
  await until(() => expect(all('columnheader', /Job title/)).toEqual([]));
});

test('several contacts are changed, marked, exported and deleted, and each can be undone', async () => {
  const host = await opened();
  await fill('Search contacts', CASCADE);
  const tick = async () => {
    await click('checkbox', 'Select all');
    await find('group', 'Selected contacts');
  };
  const count = await host.call('contacts.count', { text: CASCADE });
  await until(() => expect(all('checkbox', /^Select /)).toHaveLength(count + 1));

  await tick();
  await press('Edit field…');
  await choose('Field', 'City');
  await fill('New value', 'Salem');
  await press(/^Edit \d+ contact/);
  await see('Undo');
  const city = async () => {
    const card = await host.call('contacts.show', { contact: await guidOf(host, CASCADE) });
    return card.fields.city;
  };
  await until(async () => expect(await city()).toBe('Salem'));
  await press(/^Undo/);
  await until(async () => expect(await city()).toBe('Portland'));

  await tick();
  await press('Mark “Do not send”');
  await until(async () =>
    expect((await host.call('contacts.show', { contact: await guidOf(host, CASCADE) })).do_not_send).toBe(
      true,
    ),
  );

  await tick();
  await host.pick(host.path('some.csv'));
  await press('Export…');
  await press(/^Export \d+ contact/);
  await see(`to ${host.path('some.csv')}`);

  await press('Clear');
  await tick();
  await press('Delete', 'Selected contacts');
  await see('No matching contacts');
});

test('every column is shown, and the list is sorted by what its head says', async () => {
  await opened();
  await press('Columns');
  await find('textbox', 'Search columns');
  const offered = all('checkbox', /./, 'Columns') as HTMLInputElement[];
  expect(offered.length).toBeGreaterThan(15);
  for (const head of ['First name', 'State', 'Website']) await click('checkbox', head);
  for (const head of ['First name', 'State', 'Website']) await press(head);
  await press('Columns');
  await press('Reset');
  await press('Columns');
  for (const head of [/^Email/, /^Company/, /^City/, /^Salesforce/, /^Name/]) {
    await click('button', head);
    await until(() => expect(all('columnheader', head)[0]?.getAttribute('aria-sort')).toBe('ascending'));
  }
});

test('the list is narrowed by each state in Salesforce', async () => {
  const host = await realHost('sent');
  await openApp('/contacts');
  const shown = async (state: string) => {
    await menu('Add filter', state);
    await find('button', `Remove filter ${state}`);
  };
  for (const state of ['Blocked', 'Changed since sent', 'Failed', 'Left out', 'Waiting', 'Linked']) {
    await shown(state);
    await press(`Remove filter ${state}`);
  }
  await shown('Linked');
  const linked = await host.call('contacts.count', { deliveries: ['linked'] });
  expect(linked).toBeGreaterThan(0);
  await see(`${linked.toLocaleString('en-US')} contacts`);
});

test('the list is narrowed by a segment and a score that are chosen', async () => {
  const host = await realHost('practice');
  const tree = { all: [{ field: 'country', op: 'equals', value: 'DE' }] };
  for (const name of ['Germans', 'People in Germany']) {
    await host.call('segments.add', { name, description: '', tree } as never);
  }
  await openApp('/contacts');
  await menu('Add filter', 'By segment…');
  await choose('Segment', 'People in Germany', 'Filter by segment');
  await press('Apply filter', 'Filter by segment');
  await find('button', /^Remove filter .*People in Germany/);
  await menu('Add filter', 'By score…');
  await choose('Score', 'Engagement', 'Filter by score');
  await press('Apply filter', 'Filter by score');
  await find('button', /^Remove filter .*Engagement/);
});

test('an export takes the contacts, the columns and the file type that are chosen', async () => {
  const host = await opened();
  await fill('Search contacts', CASCADE);
  await menu('More actions for contacts', 'Export contacts…');
  for (const contacts of [/^All/, /^Only|^Those|shown|filter|match/i]) {
    const [choice] = all('radio', contacts, 'Export contacts');
    if (choice) await user.click(choice);
  }
  for (const columns of ['All fields', 'Choose columns', 'Columns in the list']) {
    await click('radio', columns, 'Export contacts');
    if (columns === 'Choose columns') await choose('Columns to export', 'City');
  }
  for (const type of ['Excel', 'CSV']) await click('radio', type, 'Export contacts');
  await host.pick(host.path('shown.csv'));
  await press(/^Export \d/);
  await see(`to ${host.path('shown.csv')}`);
});

test('deleting many contacts asks first, and two are merged into the one that is chosen', async () => {
  const host = await opened();
  const before = await host.call('contacts.count', {});
  await click('checkbox', 'Select all');
  for (const way of ['Cancel', 'Close']) {
    await press(/^Delete/, 'Selected contacts');
    await press(way, /^Delete /);
  }
  await press('Clear', 'Selected contacts');
  await fill('Search contacts', 'cascade-roofing');
  await find('checkbox', `Select ${MARCUS}`);
  const [first, second] = all('checkbox', /^Select (?!all)/);
  for (const box of [first, second]) await user.click(box as HTMLElement);
  for (const way of ['Cancel', 'Close']) {
    await press(/^Merge/, 'Selected contacts');
    await press(way, 'Merge 2 contacts');
  }
  await press(/^Merge/, 'Selected contacts');
  await find('radio', /./, 'Merge 2 contacts');
  await user.click(all('radio', /./, 'Merge 2 contacts').at(-1) as HTMLElement);
  await press(/^Merge/, 'Merge 2 contacts');
  await until(async () => expect(await host.call('contacts.count', {})).toBe(before - 1));
  await press(/^Undo: .*merged/);
  await until(async () => expect(await host.call('contacts.count', {})).toBe(before));
});

test('many contacts are deleted after a question, and come back', async () => {
  const host = await opened();
  const before = await host.call('contacts.count', {});
  await click('checkbox', 'Select all');
  await press('Delete…', 'Selected contacts');
  await press(/^Delete .*contacts$/, /^Delete /);
  await until(async () => expect(await host.call('contacts.count', {})).toBe(0));
  await press(/^Undo: .*deleted/);
  await until(async () => expect(await host.call('contacts.count', {})).toBe(before));
});
