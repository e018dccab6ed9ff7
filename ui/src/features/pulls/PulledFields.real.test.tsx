import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { REPLICATION, type RealHost, realHost } from '../../testing/realHost';
import { choose, click, fill, find, menu, press, see, until, user } from '../../testing/user';
import { forgetWork } from '../mappings/useMapping';

beforeEach(forgetWork);

/** Pulls leads, and brings one with a title in as a contact. */
async function titled(): Promise<{ host: RealHost; title: string }> {
  const host = await realHost('practice');
  await host.call('pulls.add', { name: 'All', objects: [{ object: 'Lead' }] });
  await host.call('pulls.run', { name: 'All' });
  const { records } = await host.call('mirror.list', { object: 'Lead', columns: ['Title'], limit: 50 });
  const lead = records.find(({ values }) => typeof values[0] === 'string');
  if (!lead) return expect.unreachable('no lead has a title');
  await host.call('search.import', { object: 'Lead', records: [lead.id] });
  return { host, title: String(lead.values[0]) };
}

test('segments, scores and filters ask for a pulled field, and an export has it', async () => {
  const { host, title } = await titled();
  await openApp('/new-segment');
  await choose('Field, rule 1', /^Title/);
  await choose('Condition, rule 1', 'is');
  await fill('Value, rule 1', title);
  await press('Save segment');
  await fill('Name', 'Titled', 'Save segment');
  await press('Save', 'Save segment');
  await until(async () =>
    expect((await host.call('segments.show', { name: 'Titled' })).members).toBeGreaterThan(0),
  );

  await openApp('/scores/Engagement');
  await press('Add rule');
  const place = `rule ${(await host.call('scores.show', { name: 'Engagement' })).rule_list.length + 1}`;
  await fill(`Points, ${place}`, '500');
  await fill(`Name, ${place}`, 'Titled');
  await choose(`Field, ${place} 1`, /^Title/);
  await choose(`Condition, ${place} 1`, 'has a value');
  await press('Save rules');
  await until(async () =>
    expect((await host.call('scores.show', { name: 'Engagement' })).rule_list.at(-1)?.name).toBe('Titled'),
  );

  await openApp('/contacts');
  await menu('Add filter', 'By field…');
  await choose('Field', /^Title/, 'Filter by field');
  await choose('Condition', 'has a value', 'Filter by field');
  await press('Apply filter', 'Filter by field');
  await find('button', /^Remove filter Title/);
  await menu('More actions for contacts', 'Export contacts…');
  await click('radio', 'Choose columns', 'Export contacts');
  await choose('Columns to export', /^Title/, 'Export contacts');
  const place2 = host.path('titled.csv');
  await host.pick(place2);
  await press(/^Export \d/);
  await see(place2);
  expect(readFileSync(place2, 'utf8')).toContain(title);
});

test('a pulled field fills a mapping, a template and the description, and each says when it is gone', async () => {
  const { host } = await titled();
  await openApp(`/replications/${encodeURIComponent(REPLICATION)}/mapping`);
  const text = async () => (await host.call('mappings.show', { name: REPLICATION })).text;
  await user.click(await find('button', /^City filled from:/));
  await fill('Search sources for City', 'Title');
  await click('option', /^Title/);
  await until(async () => expect(await text()).toContain('Salesforce.Title=City'));
  await menu('More about this mapping', 'Description template…');
  await fill('Search fields to insert', 'Title', 'Description template');
  await press(/^Insert Title/, 'Description template');
  await press('Save template', 'Description template');
  await until(async () => {
    const { settings } = await host.call('replications.show', { name: REPLICATION });
    expect(settings.description).toContain('Salesforce.Title');
  });
});
