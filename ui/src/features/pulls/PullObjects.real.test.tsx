import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { type RealHost, realHost } from '../../testing/realHost';
import { choose, click, fill, find, lose, press, see, until } from '../../testing/user';

const objects = async (host: RealHost) => (await host.call('pulls.show', { name: 'All' })).objects;

async function pull(): Promise<RealHost> {
  const host = await realHost('practice');
  await host.call('pulls.add', { name: 'All', objects: [{ object: 'Lead' }, { object: 'Account' }] });
  await openApp('/pulls/All');
  await find('table', 'Objects');
  return host;
}

test('an object is added to a pull, and left out again', async () => {
  const host = await pull();
  for (const way of ['Cancel', 'Close']) {
    await press('Add object');
    await press(way, 'Add object');
  }
  await press('Add object');
  await choose('Object', /^Campaign \(/, 'Add object');
  await press('Add object', 'Add object');
  await until(async () =>
    expect((await objects(host)).map(({ object }) => object).sort()).toEqual(['Account', 'Campaign', 'Lead']),
  );
  await press('Stop reading Campaign');
  await press('Cancel', 'Remove Campaign');
  await press('Stop reading Campaign');
  await press('Stop reading', 'Remove Campaign');
  await until(async () =>
    expect((await objects(host)).map(({ object }) => object)).not.toContain('Campaign'),
  );
});

const dialog = 'Fields and records of Lead';
const lead = async (host: RealHost) => (await objects(host)).find(({ object }) => object === 'Lead');

test('an object is read with the fields that are chosen', async () => {
  const host = await pull();
  await press('Change fields and records of Lead');
  for (const choice of [/^All fields/, /^Usual fields/, 'Selected fields'])
    await click('radio', choice, dialog);
  await choose('Fields', /^Rating/, dialog);
  await press('Save', dialog);
  await see('Saved. The next run reads every record of this object again.');
  await until(async () => expect((await lead(host))?.fields).toContain('Rating'));
});

test('an object is read with the records that match conditions', async () => {
  const host = await pull();
  await press('Change fields and records of Lead');
  await press('Add condition', dialog);
  await choose('Field, condition 1', /^Full Name/, dialog);
  await fill('Value, condition 1', 'Smith', dialog);
  await choose('Operator, condition 1', 'has a value', dialog);
  await press('Add condition', dialog);
  await choose('How many conditions must match', /./, dialog);
  await press('Remove condition 2', dialog);
  await press('Save', dialog);
  await until(async () => expect((await lead(host))?.filter?.criteria).toMatchObject([{ field: 'Name' }]));
});

test('the records of an object are a sample until a run has read them', async () => {
  await pull();
  await click('link', 'Lead');
  await see('hasn’t been read yet');
  await click('link', /^All/);
  await press('Run now');
  await see('All finished with');
  await click('link', 'Lead');
  await lose('hasn’t been read yet');
  await fill('Find records', 'nothing of the kind');
  await see('No record contains this text.');
  await fill('Find records', '');
  await find('table', /./);
});

test('a new pull reads the fields of an object that are chosen', async () => {
  const host = await realHost('practice');
  await openApp('/new-pull');
  await press('Continue');
  await click('checkbox', 'Lead');
  await press('Change fields and records of Lead');
  await click('radio', /^All fields/, /^Fields and records/);
  await press('Save', /^Fields and records/);
  await see('All fields');
  await press('Continue');
  await press('Continue');
  await fill('Name of the pull', 'Everything');
  await press('Create pull');
  await until(async () => {
    const { objects } = await host.call('pulls.show', { name: 'Everything' });
    expect(objects[0]?.fields).toEqual(['all']);
  });
});

test('a new pull is set up in any order of its steps, of any objects', async () => {
  const host = await realHost('practice');
  await openApp('/new-pull');
  await press('Continue');
  await find('checkbox', 'Lead');
  await click('checkbox', 'Lead');
  // Each step that is done leads back to itself.
  await press('Connection');
  await press('Continue');
  await press('Continue');
  await press('Objects');
  await press('Continue');
  await press('Continue');
  await press('Preview');
  await press('Continue');
  await fill('Name of the pull', 'Steps');
  await press('Create pull');
  await press('Continue');
  await press('Contacts');
  await press('Continue');
  await press('Continue');
  await press('Schedule');
  await choose('Runs', 'Every … minutes');
  for (const alert of [
    'A run read something new',
    'Some objects weren’t read',
    'A run failed',
    'A scheduled run is late',
    'The connection needs you to sign in again',
    'No API calls are left for the pull',
  ]) {
    const was = ((await find('checkbox', alert)) as HTMLInputElement).checked;
    await click('checkbox', alert);
    if (was) await click('checkbox', alert);
  }
  await press('Save');
  await until(async () =>
    expect((await host.call('pulls.show', { name: 'Steps' })).settings.alerts).toHaveLength(6),
  );
});

test('a field comes into another contact field, and all conflicts take the values of Salesforce', async () => {
  const host = await pull();
  await choose('Contact field for Title', /./, 'Lead');
  const { records } = await host.call('mirror.list', { object: 'Lead', columns: ['Title'], limit: 50 });
  const lead = records.find(({ values }) => typeof values[0] === 'string');
  if (!lead) return expect.unreachable('a lead has a title');
  const { created, found } = await host.call('search.import', { object: 'Lead', records: [lead.id] });
  const [contact = ''] = [...created, ...found];
  await host.call('contacts.set', { contact, fields: { job_title: 'Buyer' } });
  await host.call('inbound.set', { pull: 'All', object: 'Lead', text: 'Title=job_title ; ask' });
  await host.call('pulls.run', { name: 'All' });
  await press('Use all from Salesforce', 'Conflicts');
  await until(async () => expect((await host.call('conflicts.list', {})).total).toBe(0));
  expect((await host.call('contacts.show', { contact })).fields.job_title).toBe(lead.values[0]);
});
