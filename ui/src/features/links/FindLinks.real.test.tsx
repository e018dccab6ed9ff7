import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { type RealHost, realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, press, see, until } from '../../testing/user';

/** Pulls everything that segments and links ask for. */
async function pulled(): Promise<RealHost> {
  const host = await realHost('practice');
  const objects = [
    { object: 'Lead', fields: ['usual', 'Rating'] },
    ...['Contact', 'Account', 'Opportunity', 'OpportunityContactRole', 'Campaign', 'CampaignMember'].map(
      (object) => ({ object }),
    ),
  ];
  await host.call('pulls.add', { name: 'All', objects });
  await host.call('pulls.run', { name: 'All' });
  return host;
}

test('pairs are found, selected and linked, the certain ones together', async () => {
  const host = await pulled();
  const { records } = await host.call('mirror.list', {
    object: 'Lead',
    columns: ['FirstName', 'LastName', 'Email', 'Company'],
    limit: 2,
  });
  for (const [at, { values }] of records.entries()) {
    const [first_name, last_name, email, company_name] = values.map(String);
    const own = { first_name, last_name, company_name } as Record<string, string>;
    await host.call('contacts.add', { fields: at === 0 ? { ...own, email: email ?? '' } : own });
  }
  await openApp('/pulls');
  await press('Find links…');
  await press('Find links');
  await find('table', 'Pairs');
  const before = all('checkbox', /^Select /).length;
  expect(before).toBeGreaterThan(1);
  await press(/^Link \d+ certain pairs?$/);
  await see('API call');
  await click('checkbox', /^Select /);
  await press('Link 1 selected');
  await until(async () => {
    const { links } = await host.call('links.list', { limit: 50 });
    expect(links.length).toBeGreaterThan(1);
  });
});

test('a segment asks for opportunities and campaigns with the labels of the org', async () => {
  const host = await pulled();
  await openApp('/new-segment');
  await choose('Field, rule 1', 'Won opportunities');
  await choose('Condition, rule 1', 'at least');
  await fill('How many, rule 1', '2');
  await choose('Condition, rule 1', 'any number');
  await choose('Whose opportunities, rule 1', 'of the account');
  await choose('Total amount, rule 1', 'worth at most');
  await fill('Amount, rule 1', '5000');
  await choose('Field of the opportunities, rule 1', 'whose Stage');
  await choose('Condition of the opportunities, rule 1', 'is');
  await fill('Value of the opportunities, rule 1', 'Closed Won');
  await choose('Condition of the opportunities, rule 1', 'has a value');
  await press('Rule');
  await choose('Field, rule 2', 'Any campaign');
  await fill('Status, rule 2', 'Responded');
  await see('Responded');
  await choose('Condition, rule 2', 'isn’t a member');
  await see('won opportunities worth at most');
  expect((await host.call('mirror.askable', {})).campaigns).toBe(true);
});

test('the fields from Salesforce in the panel are put in order, added and removed', async () => {
  const host = await pulled();
  const { records } = await host.call('mirror.list', { object: 'Lead', limit: 50 });
  const ids = records.map(({ id }) => id);
  const { created } = await host.call('search.import', { object: 'Lead', records: ids });
  const [contact = '', other = ''] = created;
  await host.call('contacts.merge', { survivor: contact, others: [other] });
  await openApp(`/contacts?open=${contact}`);
  await press('Choose the fields to show', 'Contact');
  await press(/^Move .* down$/, 'Fields to show');
  await press(/^Move .* up$/, 'Fields to show');
  await press(/^Remove /, 'Fields to show');
  await choose('Add field', /Email/, 'Fields to show');
  await press('Choose fields', 'Contact');
  await press('Refresh', 'Contact');
  await find('region', 'Two records in Salesforce');
  await press(/^Keep .* linked$/, 'Two records in Salesforce');
  await until(async () => expect((await host.call('contacts.show', { contact })).second_records).toEqual([]));
});
