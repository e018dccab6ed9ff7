import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { ContactCard } from '../../ipc/bindings';
import { openApp } from '../../testing/app';
import { type Kind, REPLICATION, type RealHost, realHost } from '../../testing/realHost';
import { choose, click, fill, find, menu, press, see, until, user } from '../../testing/user';

beforeAll(() => {
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { value: 600 });
});

const MARCUS = 'marcus.mcallister@cascade-roofing.example';

/** Opens a contact beside the list. */
async function opened(kind: Kind = 'practice', text = MARCUS, set?: (host: RealHost) => Promise<unknown>) {
  const host = await realHost(kind);
  await set?.(host);
  const [contact = ''] = await host.call('contacts.guids', {
    filter: { text },
    columns: [],
    from: 0,
    limit: 1,
  });
  await openApp(`/contacts?open=${contact}`);
  await find('complementary', 'Contact');
  const card = (): Promise<ContactCard> => host.call('contacts.show', { contact });
  return { host, contact, card };
}

test('a contact is edited in place: a text, a country, a date, a number and yes or no', async () => {
  const { card } = await opened();
  await press(/^Show \d+ empty$/);
  const edit = async (label: string, text: string) => {
    await press(new RegExp(`^${label}: `), 'Contact');
    await fill(label, text, 'Contact');
    await user.keyboard('{Enter}');
    await find('button', new RegExp(`^${label}: (?!empty)`), 'Contact');
  };
  await edit('City', 'Salem');
  await edit('Birthday', '1/31/1980');
  await edit('Budget', '1,250.50');
  await press(/^Country: /, 'Contact');
  await fill('Country', 'Norw', 'Contact');
  await click('option', 'Norway');
  await find('button', 'Country: Norway');
  await click('switch', 'Do not send', 'Contact');
  await until(async () => {
    const { fields, do_not_send } = await card();
    expect([fields.city, fields.birthday, fields.country, do_not_send]).toEqual([
      'Salem',
      '1980-01-31',
      'NO',
      true,
    ]);
    expect(Number(fields['custom:Budget'])).toBe(1250.5);
  });
  await press('Hide empty fields');
});

test('what cannot be read is told at the field, and Escape leaves it as it was', async () => {
  const { card } = await opened();
  const before = (await card()).fields.email;
  await press(/^Email: /, 'Contact');
  await fill('Email', 'nobody', 'Contact');
  await user.keyboard('{Enter}');
  await see('Email needs an email address');
  await user.keyboard('{Escape}');
  await find('button', /^Email: marcus/i);
  expect((await card()).fields.email).toBe(before);
});

test('the neighbors of a contact are one click away, and the panel closes', async () => {
  const { contact } = await opened();
  const open = () => new URLSearchParams(window.location.hash.split('?')[1]).get('open');
  await press('Next contact', 'Contact');
  await until(() => expect(open()).not.toBe(contact));
  await press('Previous contact', 'Contact');
  await until(() => expect(open()).toBe(contact));
  await press('Close the panel');
  await until(() => expect(open()).toBeNull());
});

test('an activity is added by hand, removed and brought back', async () => {
  const { host, contact } = await opened('practice', MARCUS, (host) =>
    host.call('activities.add_type', { name: 'visit', description: '' }),
  );
  await press('Add activity', 'Contact');
  const dialog = 'Add activity';
  await choose('Type', 'visit', dialog);
  await fill('Date', '11/1/2025', dialog);
  await fill('Time', '10:30', dialog);
  await fill('Value', '3', dialog);
  await fill('Title', 'Prices', dialog);
  await fill('Web page', '/prices', dialog);
  await fill('Note', 'Stayed for a minute', dialog);
  await press('Add activity', dialog);
  const list = async () => (await host.call('activities.list', { contact, limit: 10 })).activities;
  await until(async () => expect(await list()).toMatchObject([{ kind: 'visit', title: 'Prices', value: 3 }]));
  await press('Remove visit');
  await until(async () => expect(await list()).toEqual([]));
  await press('Undo: visit removed.');
  await until(async () => expect(await list()).toMatchObject([{ note: 'Stayed for a minute' }]));
});

test('an answer about consent is entered by hand and taken back', async () => {
  const { host, contact } = await opened('practice', MARCUS, (host) =>
    host.call('consents.add', { path: 'Newsletter' }),
  );
  const given = async () => (await host.call('consents.of', { contact })).map((one) => one.given);
  await choose('Newsletter', 'Refused', 'Contact');
  await until(async () => expect(await given()).toEqual([false]));
  await press('Undo: Consent to Newsletter changed.');
  await until(async () => expect(await given()).toEqual([]));
});

test('an answer is recorded with its time, its wording and how it was given', async () => {
  const { host, contact } = await opened('practice', MARCUS, async (host) => {
    await host.call('consents.add', { path: 'Newsletter' });
    await host.call('consents.add_wording', { purpose: 'Newsletter', text: 'Yes, send me news.' });
  });
  const history = () => host.call('consents.history', { contact });
  await press('Record answer', 'Contact');
  const dialog = 'Record answer';
  for (const way of ['Cancel', 'Close']) {
    await press(way, dialog);
    await press('Record answer', 'Contact');
  }
  await choose('Purpose', 'Newsletter', dialog);
  await choose('How they answered', 'Phone', dialog);
  await fill('Answered on', '3/4/2024', dialog);
  await fill('Answered on, time', '10:30', dialog);
  await choose('Wording', 'Version 1: Yes, send me news.', dialog);
  await fill('Where they were asked', 'Spring campaign', dialog);
  await press('Record answer', dialog);
  const at = new Date('2024-03-04T10:30').getTime();
  await until(async () =>
    expect(await history()).toMatchObject([
      { about: 'Newsletter', at, how: 'phone', source: 'Spring campaign', wording: { version: 1 } },
    ]),
  );
  await press('Record answer', 'Contact');
  await choose('Answer', 'Refused', dialog);
  await choose('How they answered', 'Double opt-in', dialog);
  await fill('Asked on', '3/5/2024', dialog);
  await fill('Confirmed on', '3/4/2024', dialog);
  await press('Record answer', dialog);
  await see('They confirmed before they asked for it');
  expect(await history()).toHaveLength(1);
});

test('a contact is deleted and brought back', async () => {
  const { host, contact } = await opened();
  await menu('More actions', 'Delete contact');
  await press(/^Undo: Marcus McAllister deleted/);
  await until(async () => expect((await host.call('contacts.show', { contact })).deleted_at).toBeNull());
});

test('a contact is erased, confirmed by name', async () => {
  const { host } = await opened();
  await menu('More actions', 'Erase contact…');
  await fill(/^Type Marcus McAllister/, 'marcus mcallister');
  await press('Erase contact');
  await until(async () => expect(await host.call('contacts.count', { text: MARCUS })).toBe(0));
});

test('a sent contact shows the record and what was sent, and its link can be removed', async () => {
  const { host, contact, card } = await opened('sent');
  const [link] = (await card()).links;
  if (!link) return expect.unreachable('this contact was sent');
  await press(/^\d+ values?$/);
  for (const way of ['Cancel', 'Close']) {
    await press('Unlink lead');
    await press(way, 'Unlink this lead?');
  }
  expect((await card()).links).toEqual([link]);
  await press('Unlink lead');
  await press('Unlink lead', 'Unlink this lead?');
  await until(async () => expect((await host.call('contacts.show', { contact })).links).toEqual([]));
});

test('a blocked contact is corrected from its panel', async () => {
  const host = await realHost('sent');
  const { entries } = await host.call('queue.list', {
    filter: { replication: REPLICATION, counted: 'blocked' },
    limit: 50,
  });
  const line = entries.find(({ cures }) => cures.includes('edit_contact'));
  if (!line) return expect.unreachable('somebody lacks a value');
  await openApp(`/contacts?open=${line.contact}`);
  await press('Edit contact', 'Contact');
  const field = await find('textbox', /./, 'Contact');
  await user.type(field, 'Somebody{Enter}');
  await until(async () =>
    expect(JSON.stringify((await host.call('contacts.show', { contact: line.contact })).fields)).toContain(
      'Somebody',
    ),
  );
});

test('a contact that is opened to be fixed leads back to where it was opened', async () => {
  const host = await realHost('sent');
  const { entries } = await host.call('queue.list', {
    filter: { replication: REPLICATION, counted: 'blocked' },
    limit: 50,
  });
  const line = entries.find(({ cures }) => cures.includes('edit_contact'));
  if (!line) return expect.unreachable('somebody lacks a value');
  await openApp(`/replications/${encodeURIComponent(REPLICATION)}/queue`);
  await click('radio', /^Blocked/);
  await press(line.name);
  await press('Edit contact', line.name);
  await find('textbox', /./, 'Contact');
  await press(`Back to ${REPLICATION}`);
  await find('radio', /^Blocked/);
});

test('a contact is added by hand', async () => {
  const host = await realHost('empty');
  await openApp('/contacts');
  await see('No contacts yet');
  await press('New contact');
  await fill('First name', 'Ada', 'New contact');
  await fill('Last name', 'Lovelace', 'New contact');
  await fill('Email', 'ada@', 'New contact');
  await fill('Company', 'Analytical Engines', 'New contact');
  await press('Add contact');
  await see('Email needs an email address');
  await fill('Email', 'ada@example.com', 'New contact');
  await press('Add contact');
  await find('complementary', 'Contact');
  expect(await host.call('contacts.count', { text: 'ada@example.com' })).toBe(1);
});

test('a contact is linked to a record that is found in Salesforce, after a look at what that writes', async () => {
  const { card } = await opened('practice');
  const dialog = 'Link Marcus McAllister to a record';
  await press('Link…', 'Contact');
  await press('Close', dialog);
  await press('Link the contact to a record…', 'Contact');
  await click('radio', 'Contacts', dialog);
  await click('radio', 'Leads', dialog);
  await fill('Name, email, company or phone', 'wanjiru', dialog);
  await press('Search Salesforce', dialog);
  await press(/^Choose /, dialog);
  await find('group', 'What linking does');
  await press('Cancel', dialog);
  expect((await card()).links).toEqual([]);
  await press('Search Salesforce', dialog);
  await press(/^Choose /, dialog);
  await find('group', 'What linking does');
  await press('Link record', dialog);
  await until(async () => expect((await card()).links).toMatchObject([{ object: 'Lead', origin: 'hand' }]));
  await press('Hide steps', 'Contact');
  await press('Link another record…', 'Contact');
  await user.keyboard('{Escape}');
});

test('all that a contact answered is listed and saved as proof, and each channel can be opted out of', async () => {
  const { host, contact, card } = await opened('practice', MARCUS, (host) =>
    host.call('consents.add', { path: 'Newsletter' }),
  );
  await choose('Newsletter', 'Given', 'Contact');
  for (const channel of ['Email', 'Phone calls', 'Fax']) await choose(channel, 'Opted out', 'Contact');
  await until(async () =>
    expect((await card()).fields).toMatchObject({
      email_opt_out: true,
      phone_opt_out: true,
      fax_opt_out: true,
    }),
  );
  await press(/^Show history/, 'Contact');
  await find('list', 'Consent history');
  await press('Hide history', 'Contact');
  await host.pick(host.path('proof.html'));
  await press('Save proof…', 'Contact');
  // What is said of it may have to wait until there is room beside what was said of the answers.
  await until(() => expect(readFileSync(host.path('proof.html'), 'utf8')).toContain('Newsletter'));
  expect((await host.call('consents.history', { contact })).length).toBeGreaterThan(0);
});

test.each([
  ['Run a pull', '#/pulls'],
  ['Use them in a segment', '#/new-segment'],
])('a linked contact leads on to Salesforce data by "%s"', async (link, to) => {
  await opened('sent');
  await click('link', link, 'Contact');
  await until(() => expect(window.location.hash).toBe(to));
});
