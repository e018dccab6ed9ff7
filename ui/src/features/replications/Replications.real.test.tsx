import { expect, test } from 'vitest';
import type { ReplicationInfo } from '../../ipc/bindings';
import { openApp } from '../../testing/app';
import { type Kind, REPLICATION, type RealHost, realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, lose, menu, press, see, until } from '../../testing/user';

const NAME = encodeURIComponent(REPLICATION);

async function tab(
  name: string,
  kind: Kind = 'practice',
  set?: (host: RealHost) => Promise<unknown>,
): Promise<RealHost> {
  const host = await realHost(kind);
  await set?.(host);
  await openApp(`/replications/${NAME}/${name}`);
  await find('tab', /^Plan/);
  return host;
}

const show = (host: RealHost): Promise<ReplicationInfo> =>
  host.call('replications.show', { name: REPLICATION });

const addSegments = async (host: RealHost) => {
  for (const [name, value] of [
    ['Germans', 'DE'],
    ['Norwegians', 'NO'],
    ['Americans', 'US'],
  ] as const) {
    const tree = { all: [{ field: 'country', op: 'equals', value }] };
    await host.call('segments.add', { name, description: '', tree } as never);
  }
};

test.each([
  ['Lead', 'All contacts'],
  ['Lead', 'Germans'],
  ['Contact', 'Engagement'],
])('a replication is created as %s of %s, and its setup begins', async (object, who) => {
  const host = await realHost('practice');
  await addSegments(host);
  // Two replications never write the same fields.
  await host.call('replications.remove', { name: REPLICATION });
  await openApp('/replications');
  await press('New replication');
  await press('Create replication');
  await see('Enter a name.');
  await fill('Name', `New ${who}`, 'New replication');
  await choose('Connection', 'Practice', 'New replication');
  await choose('Send contacts as', `${object}s`);
  if (object === 'Lead') {
    await fill('Default company', '');
    await press('Create replication');
    await see('Default company is empty.');
    await fill('Default company', '[none]');
  }
  await choose('Contacts to send', who);
  if (who === 'Engagement') await fill('Minimum points', '60');
  await press('Create replication');
  await until(() => expect(window.location.hash).toContain('/details'));
  const made = await host.call('replications.show', { name: `New ${who}` });
  expect([made.object, made.connection]).toEqual([object, 'Practice']);
});

test('a plan is looked through, and what is chosen in it narrows the list', async () => {
  await tab('plan', 'planned');
  await find('radiogroup', 'What a run would do');
  for (const tile of ['Create', 'Update', 'Not matched yet', 'Unchanged', 'Blocked', 'Left out']) {
    await click('radio', new RegExp(`^${tile}: `));
    await find('searchbox', 'Search these contacts');
  }
  await press(/^[\d,]+.*minimum points/);
  await fill('Search these contacts', 'nobody at all');
  await see('No matching contacts.');
  await click('radio', /^Create: /);
  await press('Show more');
  await click('radio', /^Update: /);
  await press(/^Show \d+ unchanged/);
  await press('Plan again');
  await find('button', 'Plan again');
});

test('a plan is made without Salesforce where no call is left for asking', async () => {
  const host = await tab('plan', 'planned', (host) =>
    host.call('replications.set', { name: REPLICATION, settings: { api_reserve: 100_000_000 } } as never),
  );
  await press('Plan again');
  await see('reserved for other tools');
  await press('Plan without Salesforce');
  await see('Planned without asking Salesforce');
  await lose('The request wasn’t sent');
  expect((await host.call('replications.latest_plan', { name: REPLICATION }))?.matched).toBe(false);
});

test('a run sends what was planned, and its page shows what became of each contact', async () => {
  const host = await tab('plan', 'planned');
  await press(/^Create \d+.* in Practice$/);
  await see('Finished');
  const [run] = await host.call('runs.list', { limit: 5 });
  expect(run?.state).toBe('finished');
  for (const part of ['Created', 'Updated', 'Unchanged', 'Blocked'])
    await click('tab', new RegExp(`^${part}`));
  await click('tab', /^Created/);
  await press('Next', 'Pages: contacts created');
  await press('Previous', 'Pages: contacts created');
  await click('link', 'All runs');
  await click('tab', /^Plan/);
  await see('Carried out in');
  // Its calls are made already.
  await lose('Uses ');
});

test('who is sent is counted before it is saved', async () => {
  const host = await tab('who', 'practice', addSegments);
  await choose('Score', 'Any: all contacts');
  await press('Discard changes');
  await fill('Minimum points', '60');
  await see('before)');
  await choose('In at least one of', 'Germans');
  await choose('In all of', 'Germans');
  await choose('In none of', 'Norwegians');
  await press('Save');
  await see('Saved.');
  const { minimum, settings } = await show(host);
  expect(minimum).toBe(60);
  expect(settings.segments).toEqual({ any: ['Germans'], all: ['Germans'], none: ['Norwegians'] });
});

test('every setting is changed, saved, and holds', async () => {
  const host = await tab('settings');
  await fill('Name', 'Good leads');
  for (const name of [
    'Match by email',
    'Create new records',
    'Keep records updated',
    'Assignment rules',
    'Allow duplicates',
    'Keep old values',
  ]) {
    // Some settings depend on others: each is tried by itself.
    await click('switch', name);
    await click('switch', name);
  }
  await click('switch', 'Keep old values');
  await press('Discard changes');
  await fill('Name', 'Good leads');
  await click('switch', 'Keep old values');
  await fill('Default company', '[none]');
  await choose('A record is deleted in Salesforce', 'Create a new record');
  await choose('A lead is converted in Salesforce', 'Block the contact');
  await choose('A value is cleared here', 'Clear the value in Salesforce');
  await choose('Runs', 'Every … minutes');
  await fill('Minutes between runs', '30');
  await choose('Runs', 'At times of the day');
  await fill('Times of the day', '08:00, 13:30');
  await fill('Late after (minutes)', '20');
  await fill('Warn when fewer than this percentage of API calls remain', '15');
  await fill('Contacts in a batch', '100');
  await fill('Batches at a time', '2');
  await fill('API calls kept for other tools', '50');
  await click('switch', 'Alert: A run sent contacts');
  await fill('Field', 'Description');
  await fill('Text', 'Deleted in Leadferry');
  await press('Save settings');
  await until(async () => {
    const { settings } = await host.call('replications.show', { name: 'Good leads' });
    expect(settings).toMatchObject({
      default_company: '[none]',
      schedule: 'at 08:00, 13:30',
      batch_size: 100,
      deleted_here: '"Deleted in Leadferry"=Description',
    });
  });
});

test('impossible times and an empty text are held back at their fields', async () => {
  const host = await tab('settings');
  const kept = async () => (await show(host)).settings;
  const was = await kept();
  await choose('Runs', 'At times of the day');
  await fill('Times of the day', '25:00');
  await press('Save settings');
  await see('Use times such as 08:00, 13:30.');
  await fill('Times of the day', '08:00');
  await fill('Field', 'Description');
  await press('Save settings');
  expect(await kept()).toEqual(was);
  await fill('Text', 'Deleted in Leadferry');
  await press('Save settings');
  await until(async () => expect(await kept()).toMatchObject({ schedule: 'at 08:00' }));
});

test('segments are activated under names of the org, one by one and all at once, and the fields made', async () => {
  const host = await tab('segments', 'practice', addSegments);
  await fill('Prefix of suggested names', 'DEV_');
  await fill('Suffix of suggested names', '_DEV');
  await fill('Most segments for each object', '5');
  await press('Save');
  await choose('Segment', 'Germans');
  await fill('Field in Salesforce', 'Hot_leads__c');
  await press('Activate segment');
  await find('button', 'Deactivate Germans');
  await press(/^Activate all 2 segments$/);
  await find('button', 'Deactivate Norwegians');
  await fill('Start date of Germans', '1/1/2026');
  await fill('End date of Germans', '12/31/2030');
  await fill('Field of Germans', 'Germans__c');
  await press(/^Create the missing fields in Practice$/);
  await until(async () => {
    const { active } = await host.call('replications.activations', { name: REPLICATION });
    expect(active.find(({ segment }) => segment === 'Germans')).toMatchObject({
      mapping_id: 'Germans__c',
      from: '2026-01-01',
      until: '2030-12-31',
      trouble: null,
    });
  });
  await press('Deactivate Germans');
  await press('Undo: Deactivated Germans.');
  await find('button', 'Deactivate Germans');
});

test('what was sent is counted and read back, and what differs is sent again', async () => {
  const host = await tab('reconciliation', 'sent');
  await see('Not checked yet');
  await press(/^Count/);
  await find('table', 'Here and in Salesforce');
  await press(/^Read back/);
  await see('read back');
  expect((await host.call('replications.reconciliation', { name: REPLICATION })).differing).toBe(0);
});

test('the queue shows who is blocked, and each cure does what it says', async () => {
  const host = await tab('queue', 'sent');
  const figures = async () =>
    (await host.call('queue.list', { filter: { replication: REPLICATION }, limit: 1 })).figures;
  const { blocked } = await figures();
  expect(blocked).toBeGreaterThan(0);
  for (const state of [/^Sent/, /^Waiting/, /^Blocked/]) await click('radio', state);
  const { entries } = await host.call('queue.list', {
    filter: { replication: REPLICATION, counted: 'blocked' },
    limit: 100,
  });
  const [first, second] = entries;
  if (!first || !second) return expect.unreachable('several contacts are blocked');
  await press(first.name);
  await find('complementary', first.name);
  await press('Next contact');
  await find('complementary', second.name);
  await press('Previous contact');
  await press('Close the panel');
  const withCure = (cure: string) => entries.find(({ cures }) => cures.includes(cure as never));
  const creatable = withCure('create_anyway');
  if (!creatable) return expect.unreachable('a contact has possible matches');
  await press(creatable.name);
  await press('Create new record', creatable.name);
  await press('Cancel', 'Create new record?');
  await press('Create new record', creatable.name);
  await press('Close', 'Create new record?');
  expect((await figures()).blocked).toBe(blocked);
  await press('Create new record', creatable.name);
  await press('Create new record', 'Create new record?');
  await until(async () => expect((await figures()).blocked).toBe(blocked - 1));
  await press(/^Retry all/);
  await see('The next run retries');
});

test('one blocked contact is retried, and another linked, from the panel', async () => {
  const host = await tab('queue', 'sent');
  const { entries } = await host.call('queue.list', {
    filter: { replication: REPLICATION, counted: 'blocked' },
    limit: 50,
  });
  const matched = entries.find(({ candidates }) => candidates.length === 1 && candidates[0]?.record);
  if (!matched) return expect.unreachable('somebody may be a record of the org');
  await press(matched.name);
  await press('Link', matched.name);
  await see('Linked.');
  const name = entries.find((entry) => entry.name !== matched.name)?.name ?? '';
  await press(name);
  await press('Retry at next run', name);
  await see('The next run retries 1 contact.');
  await press('Dismiss');
  await lose('The next run retries');
});

test('a replication is disabled and resumed, used in another org, and removed', async () => {
  const host = await tab('plan', 'planned');
  await menu('More', 'Disable');
  await see('This replication is disabled.');
  await press('Resume');
  await lose('This replication is disabled.');
  await menu('More', 'Use in another org…');
  await press('Cancel', /^Use /);
  await menu('More', 'Remove…');
  await press('Remove replication');
  await until(async () => expect(await host.call('replications.list', {})).toEqual([]));
});

test('every part of a replication is reached by its tab', async () => {
  await tab('plan', 'sent');
  for (const part of ['Who', 'Mapping', 'Segments', 'Queue', 'Runs', 'Reconciliation', 'Settings', 'Plan']) {
    await click('tab', new RegExp(`^${part}`));
    await until(() => expect(window.location.hash.toLowerCase()).toContain(`/${part.toLowerCase()}`));
  }
  await click('link', 'run 1');
  await until(() => expect(window.location.hash).toContain('run=1'));
  await click('tab', /^Runs/);
});

test('what a plan leaves out leads to who is selected', async () => {
  await tab('plan', 'planned');
  await press(/contacts? ha(s|ve) values that are shortened, left out or changed$/);
  await press(/shortened from/);
  await click('radio', /^Left out: /);
  await click('link', 'Who', 'Plan').catch(() => click('link', 'Who'));
  await until(() => expect(window.location.hash).toContain('/who'));
});

test('contacts that a run blocked are linked, merged, retried and created together', async () => {
  const host = await tab('runs', 'sent');
  await press('Run 1');
  await find('region', 'Blocked, by reason');
  await click('checkbox', /^Select all: /);
  await press(/^Create \d+ new records$/);
  await press('Cancel', /^Create /);
  await press('Clear', 'Selected contacts');
  await press(/^Link /);
  await see('Linked.');
  const contacts = await host.call('contacts.count', {});
  await press(/^Merge /);
  await press(/^Merge/, 'Merge 2 contacts');
  await until(async () => expect(await host.call('contacts.count', {})).toBe(contacts - 1));
  await press(/^Retry all at next run$/);
  await see('The next run retries');
});

test('a replication is set to another field as its identifier, and to another org', async () => {
  await tab('settings');
  await fill('Identifier', 'Other_ID__c');
  await press('Discard changes');
  await menu('More', 'Use in another org…');
  await press('Connect an org', /^Use /);
  await until(() => expect(window.location.hash).toContain('/connections/new'));
});

test('what a replication lacks is listed, each with the button that leads there', async () => {
  const host = await realHost('empty');
  await host.call('replications.add', { name: 'People', object: 'Contact', settings: {} });
  const plan = async () => {
    await click('tab', /^Plan/);
    await find('region', 'Before the next run');
  };
  await openApp('/replications/People/plan');
  await press('Choose a connection');
  await until(() => expect(window.location.hash).toContain('/settings'));
  await host.call('connections.add', { name: 'Practice', flow: 'practice' } as never);
  await choose('Connection', 'Practice');
  await press('Save settings');
  await see('Saved.');
  await plan();
  await press('Create field in Salesforce');
  await see('is ready to store the Leadferry ID');
  await host.call('mappings.save', { name: 'People', text: 'email=Email' });
  await press('Open mapping');
  await until(() => expect(window.location.hash).toContain('/mapping'));
  await plan();
  await press('Import contacts');
  await click('link', /^Contacts/, 'Screens');
});

test('without segments, the way to a new one is where contacts are chosen', async () => {
  await tab('who');
  await click('link', 'Create a segment');
  await until(() => expect(window.location.hash).toContain('/new-segment'));
});

test('a replication of contacts becomes the partner of one of leads, and ends being it', async () => {
  const host = await tab('who', 'practice', async (host) => {
    await addSegments(host);
    const { connection } = await show(host);
    const settings = { connection: connection ?? '' };
    await host.call('replications.add', { name: 'Contacts', object: 'Contact', settings });
  });
  const partner = () => host.call('replications.partner', { name: 'Contacts' });
  await choose('Partner', 'Contacts');
  await choose('New contacts that become contacts in Salesforce', 'Members of Germans');
  await find('table', 'Who goes where');
  await press('Save partner');
  await until(async () => expect((await partner()).partner).toBe(REPLICATION));
  await click('tab', 'Queue');
  await click('tab', 'Who');
  await find('table', 'Who goes where');
  await choose('Partner', 'None');
  await press('Save partner');
  await until(async () => expect((await partner()).partner).toBeNull());
});

test('what undoing a run would do is looked through and left, and nothing has changed', async () => {
  const host = await tab('runs?run=1', 'sent');
  for (const way of ['Cancel', 'Close']) {
    await press('Undo run…');
    await click('tab', /^Delete/, 'Undo run 1');
    await press('Next', 'Undo run 1');
    await press('Previous', 'Undo run 1');
    await press(way, 'Undo run 1');
    await until(() => expect(all('dialog', 'Undo run 1')).toEqual([]));
  }
  expect(await host.call('runs.list', { replication: REPLICATION, limit: 5 })).toHaveLength(1);
});

test('the page of a run that undoes another lists what became of each record', async () => {
  await tab('runs?run=2', 'sent', (host) => host.call('runs.undo', { run: 1 }));
  for (const part of [/^Restore/, /^Left alone/, /^Delete/]) await click('tab', part);
  await see('Deleted');
});

test('a run is undone after its plan was looked through, and its contacts are released', async () => {
  const host = await tab('runs?run=1', 'sent');
  await press('Check the first 20 in Salesforce');
  await see('contacts');
  await press('Undo run…');
  for (const part of [/^Restore/, /^Left alone/, /^Delete/]) await click('tab', part, 'Undo run 1');
  await press('Undo run', 'Undo run 1');
  const runs = () => host.call('runs.list', { replication: REPLICATION, limit: 5 });
  await until(async () => expect((await runs()).map(({ state }) => state)).toEqual(['finished', 'finished']));
  await until(() => expect(window.location.hash).toContain('run=2'));
  const [undone] = await host.call('runs.list', { replication: REPLICATION, limit: 1 });
  expect(undone).toMatchObject({ id: 2, undoes: 1 });
  const held = async () => (await show(host)).standing.on_hold;
  const all = await held();
  expect(all).toBeGreaterThan(1);
  await click('tab', /^Queue/);
  await click('radio', /^On hold/);
  await press(/^Release all/);
  await until(async () => expect(await held()).toBe(0));
});
