import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { type RealHost, realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, press, see, until, user } from '../../testing/user';

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

async function withPull(): Promise<RealHost> {
  const host = await realHost('practice');
  await host.call('pulls.add', { name: 'All', objects: [{ object: 'Lead' }] });
  return host;
}

const show = (host: RealHost) => host.call('pulls.show', { name: 'All' });

test('a pull opens from its row, gets its tables, a schedule and alerts, and is removed', async () => {
  const host = await withPull();
  await openApp('/pulls');
  const table = await find('table', 'Pulls');
  const cell = [...table.querySelectorAll('td')].find((cell) => cell.textContent === 'Practice');
  await user.click(cell as Element);
  await until(() => expect(window.location.hash).toBe('#/pulls/All'));

  await press('Review schema');
  await click('checkbox', 'Lead');
  await click('checkbox', 'Lead');
  await press('Generate schema');
  await until(async () =>
    expect((await host.call('pulls.schema', { pull: 'All' })).objects[0]?.steps).toEqual([]),
  );

  await choose('Runs', 'At times of the day');
  await fill('Times of the day', '08:00');
  await press('Discard changes');
  await choose('Runs', 'Every … minutes');
  await fill('Minutes between runs', '30');
  await click('switch', /^Run by this schedule/);
  await fill('API calls to leave for other tools', '500');
  if (!(await isTicked('A scheduled run is late'))) await click('checkbox', 'A scheduled run is late');
  await fill('Late after (minutes)', '20');
  await press('Save');
  await until(async () =>
    expect((await show(host)).settings).toMatchObject({
      schedule: 'every 30 minutes',
      api_reserve: 500,
      late_after: 20,
    }),
  );
  expect((await show(host)).enabled).toBe(false);

  await press('Remove');
  await press('Cancel', /^Remove/);
  await press('Remove');
  await press('Remove pull');
  await until(() => expect(window.location.hash).toBe('#/pulls'));
  expect((await host.call('pulls.list', {})).pulls).toEqual([]);
});

async function isTicked(name: string): Promise<boolean> {
  return ((await find('checkbox', name)) as HTMLInputElement).checked;
}

test('the records of an object are searched, opened and profiled', async () => {
  const host = await withPull();
  await openApp('/pulls/All');
  await press('Run now');
  await see('All finished with');
  await click('link', 'Lead');
  const { records } = await host.call('mirror.list', { object: 'Lead', columns: ['Email'], limit: 1 });
  const [first] = records;
  const email = String(first?.values[0]);
  await fill('Find records', email);
  await until(() => expect(all('button', /^00Q/).map((button) => button.textContent)).toEqual([first?.id]));
  await user.click(document.querySelector('tbody td:last-child') as Element);
  await find('complementary', 'Record');
  await see(email);
  await press('Close the panel');
  await click('radio', 'Field profile');
  await find('table', 'Field profile');
  await click('radio', 'Records');
  await find('searchbox', 'Find records');
});

test('a new pull goes back and forth, shows what it would read, and is opened before its first run', async () => {
  const host = await realHost('practice');
  await openApp('/pulls');
  await press('New pull');
  await choose('Read from', 'Practice');
  await press('Continue');
  await fill('Find an object', 'opportunity');
  await click('checkbox', 'Opportunity');
  await fill('Find an object', '');
  await click('checkbox', 'Lead');
  await press('Continue');
  await choose('Object', 'Lead');
  await find('table', /Lead/);
  await press('Back');
  await press('Continue');
  await press('Continue');
  await fill('Name of the pull', 'Two');
  await press('Create pull');
  await press('Open pull');
  await until(() => expect(window.location.hash).toBe('#/pulls/Two'));
  const { objects } = await host.call('pulls.show', { name: 'Two' });
  expect(objects.map(({ object }) => object).sort()).toEqual(['Lead', 'Opportunity']);
});

test('the fields that come into contacts are changed, added, removed and reset', async () => {
  const host = await withPull();
  await openApp('/pulls/All');
  const rows = async () => {
    const { objects } = await host.call('inbound.show', { name: 'All' });
    return objects[0]?.rows ?? [];
  };
  const usual = await rows();
  await press('Remove Title', 'Lead');
  await press('Discard changes', 'Lead');
  await press('Remove Title', 'Lead');
  await choose('Add a field of Lead', /^Rating/, 'Lead');
  await choose('When Rating comes in', 'Salesforce wins', 'Lead');
  await press('Save', 'Lead');
  await until(async () => {
    const fields = (await rows()).map(({ field }) => field);
    expect(fields).toContain('Rating');
    expect(fields).not.toContain('Title');
  });
  await press('Reset', 'Lead');
  await until(async () => expect(await rows()).toEqual(usual));
});

test('all conflicts are resolved at once', async () => {
  const host = await withPull();
  const { records } = await host.call('mirror.list', { object: 'Lead', columns: ['Title'], limit: 50 });
  const titled = records.filter(({ values }) => typeof values[0] === 'string').slice(0, 2);
  const { created, found } = await host.call('search.import', {
    object: 'Lead',
    records: titled.map(({ id }) => id),
  });
  for (const contact of [...created, ...found])
    await host.call('contacts.set', { contact, fields: { job_title: 'Buyer' } });
  const text = 'Title=job_title ; ask';
  await host.call('inbound.set', { pull: 'All', object: 'Lead', text });
  await host.call('pulls.run', { name: 'All' });
  expect((await host.call('conflicts.list', {})).total).toBe(2);
  await openApp('/pulls/All');
  await press(/^Keep all/, 'Conflicts');
  await until(async () => expect((await host.call('conflicts.list', {})).total).toBe(0));
  for (const contact of [...created, ...found]) {
    const card = await host.call('contacts.show', { contact });
    expect(JSON.stringify(card)).toContain('Buyer');
  }
});
