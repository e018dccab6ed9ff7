import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { choose, click, fill, find, press, see, until } from '../../testing/user';

test('a new pull is set up step by step, and its values come into contacts', async () => {
  const host = await realHost('practice');
  const listed = await host.call('mirror.list', { object: 'Lead', columns: ['Title'] });
  const lead = listed.records.find((record) => typeof record.values[0] === 'string');
  if (!lead) throw new Error('no lead has a title');
  const { created, found } = await host.call('search.import', { object: 'Lead', records: [lead.id] });
  const [guid] = [...created, ...found];
  if (!guid) throw new Error('the lead was not imported');
  await host.call('contacts.set', { contact: guid, fields: { job_title: 'Buyer' } });

  await openApp('/new-pull');
  await press('Continue');
  await click('checkbox', 'Lead');
  await press('Continue');
  await find('table', /Lead/);
  await press('Continue');
  await fill('Name of the pull', 'People');
  await press('Create pull');
  await choose('When Title comes in', 'Ask me');
  await press('Save', 'Lead');
  await see('Saved. The next run compares every linked record.');
  await press('Continue');
  await choose('Runs', 'Every … minutes');
  await press('Save');
  await see('Next run:');
  await press('Continue');
  await press('Run now');
  await until(() => expect(window.location.hash).toBe('#/pulls/People'));

  await find('region', 'Conflicts');
  await press(/^Use value for Job title/);
  await until(async () => expect((await host.call('conflicts.list', {})).total).toBe(0));
  const pull = await host.call('pulls.show', { name: 'People' });
  expect(pull.settings.schedule).toBe('every 15 minutes');
  await click('switch', /Create contacts for leads/);
  await press('Add condition');
  await press('Save', 'Lead');
  await until(async () => {
    const mapping = await host.call('inbound.show', { name: 'People' });
    expect(mapping.objects[0]?.newcomers).not.toBeNull();
  });
});
