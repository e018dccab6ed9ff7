import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { counted } from '../../components/numbers';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, menu, press, see, until } from '../../testing/user';

test('purposes are added, renamed and removed, and answers recorded for several contacts', async () => {
  const host = await realHost('practice');
  await openApp('/consents');
  await see('No purposes yet');
  await fill('Name', 'Newsletter');
  await press('Add purpose');
  await press('New purpose');
  await choose('Parent', 'Newsletter', 'New purpose');
  await fill('Name', 'Weekly', 'New purpose');
  await press('Add purpose', 'New purpose');
  const paths = () => host.call('consents.paths', {});
  await until(async () => expect(await paths()).toEqual(['Newsletter', 'Newsletter > Weekly']));
  await press('Rename Newsletter > Weekly');
  await fill('Name', 'Monthly', /^Rename/);
  await press('Rename', /^Rename/);
  await until(async () => expect(await paths()).toContain('Newsletter > Monthly'));

  await press('Record answers…');
  await choose('Purpose', 'Newsletter');
  await choose('Answer', 'Refused');
  await choose('Answer', 'Given');
  await fill('Where they were asked', 'Trade fair');
  await fill('Emails', 'marcus.mcallister@cascade-roofing.example, stranger@nowhere.example');
  await press('Record answers', 'Record answers');
  await see('stranger@nowhere.example');
  await press('Done', 'Record answers');
  const given = (await host.call('consents.purposes', {})).find(({ path }) => path === 'Newsletter');
  expect(given?.given).toBe(1);
  await find('img', /^1 given, 0 refused, /, 'Purposes');
  await click('link', 'Open 1 contact: Newsletter, given', 'Purposes');
  await see('Newsletter: Given');
  await find('heading', 'Contacts');
  await see('1 contact');
  await press('Remove filter Newsletter: Given');
  for (const way of ['Cancel', 'Close']) {
    await menu('Add filter', 'By consent…');
    await press(way, 'Filter by consent');
  }
  await menu('Add filter', 'By consent…');
  await choose('Purpose', 'Newsletter', 'Filter by consent');
  await choose('Answer', 'Not asked', 'Filter by consent');
  await press('Apply filter');
  const everyone = await host.call('contacts.count', {});
  await see(counted(everyone - 1, 'contact'));
  await click('link', /^Consent/, 'Screens');
  await click('link', /^Open .*: Opted out: Email$/);
  await see('Opted out of email is yes');
  await click('link', /^Consent/, 'Screens');
  await click('link', /^Marcus McAllister/, 'Latest answers');
  await find('complementary', 'Contact');
  await click('link', /^Consent/, 'Screens');

  await press('Add wording…');
  await choose('Wording of', 'Newsletter');
  await fill('Text', 'Yes, send me the newsletter.');
  await press('Add wording', 'Add wording');
  await see('Yes, send me the newsletter.');
  await press('Verify ledger');
  await see('The ledger is complete: ');
  await host.pick(host.path('proof.html'));
  await press('Save proof…');
  await until(() => expect(existsSync(host.path('proof.html'))).toBe(true));

  await press('Remove Newsletter > Monthly');
  await until(async () => expect(await paths()).toEqual(['Newsletter']));
  await press('Remove Newsletter');
  await press('Cancel');
  await press('Remove Newsletter');
  await press('Remove purpose');
  await until(async () => expect(await paths()).toEqual([]));
});

test('a consent sync gets its fields, creates those that are missing, and lists who waits', async () => {
  const host = await realHost('practice');
  await host.call('consents.add', { path: 'Newsletter > Topics' });
  await host.call('contacts.add', { fields: { email: 'new@nowhere.example', last_name: 'Nobody' } });
  await host.call('consents.record', {
    purpose: 'Newsletter',
    given: true,
    contacts: ['new@nowhere.example'],
  });
  await openApp('/consents');
  await see('No consent syncs yet.');
  await press('New consent sync');
  await fill('Name', 'Consent of leads', 'New consent sync');
  await choose('Send consent to', 'Contacts', 'New consent sync');
  await choose('Send consent to', 'Leads', 'New consent sync');
  await choose('Runs', 'Every hour', 'New consent sync');
  // The only connection is chosen already: chosen again, there is none.
  await choose('Connection', 'Practice', 'New consent sync');
  await choose('Connection', 'Practice', 'New consent sync');
  await click('switch', /^Create records for people/, 'New consent sync');
  await fill('Default last name', '[unknown]', 'New consent sync');
  await fill('Default company', '[none]', 'New consent sync');
  await click('switch', /^Create records for people/, 'New consent sync');
  await press('Create consent sync', 'New consent sync');
  await see('Needs setup');
  await choose('Field for Newsletter', 'Newsletter__c (new field)');
  await see('Not in Salesforce yet');
  await choose('Field for Topics', 'Newsletter_Topics__c (new field)');
  const tree = () => host.call('consent_syncs.tree', { name: 'Consent of leads' });
  await until(async () => expect((await tree()).lines.filter((line) => line.field).length).toBe(2));
  await press('Check fields in Salesforce');
  await see('Salesforce isn’t ready yet.');
  await press('Create missing fields');
  await see('Salesforce has every field.');
  await click('checkbox', 'Newsletter negated');
  await until(async () =>
    expect((await tree()).lines.find((line) => line.path === 'Newsletter')?.negated).toBe(true),
  );
  await host.call('replications.run', { name: 'Consent of leads' });
  await see('1 contact waiting for a match.');
  await see('new@nowhere.example');
  await press('Settings…');
  await fill('Name', 'Consent', /^Settings of/);
  for (let times = 0; times < 2; times++) await choose('Connection', 'Practice', /^Settings of/);
  await click('switch', /^Create records for people/);
  await fill('Default last name', '[unknown]', /^Settings of/);
  await fill('Default company', '[none]', /^Settings of/);
  await choose('Runs', 'Manually', /^Settings of/);
  await press('Save settings', /^Settings of/);
  await until(async () =>
    expect((await host.call('consent_syncs.list', {}))[0]).toMatchObject({
      default_last_name: '[unknown]',
      default_company: '[none]',
      schedule: 'manual',
      upsert: true,
    }),
  );
  await until(() => expect(all('dialog', /^Settings of/)).toEqual([]));
  await find('table', 'Fields of Consent');
  await press('Disable');
  await see('Disabled');
  await click('link', 'Plan and run');
  await until(() => expect(window.location.hash).toContain('/replications/Consent/plan'));
  await click('link', /^Consent/, 'Screens');
  await press('Consent');
  await press('Remove…');
  await press('Remove consent sync');
  await see('No consent syncs yet.');
});
