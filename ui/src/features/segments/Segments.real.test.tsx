import { expect, test } from 'vitest';
import type { RuleTree } from '../../ipc/bindings';
import { openApp } from '../../testing/app';
import { type RealHost, realHost } from '../../testing/realHost';
import { choose, click, fill, find, lose, menu, press, see, until, user } from '../../testing/user';

const inGermany = { all: [{ field: 'country', op: 'equals', value: 'DE' }] } as unknown as RuleTree;

async function saved(address = '/segments/Germans'): Promise<RealHost> {
  const host = await realHost('practice');
  await host.call('activities.add_type', { name: 'visit', description: '' });
  await host.call('segments.add', { name: 'Germans', description: 'In Germany', tree: inGermany });
  await openApp(address);
  return host;
}

const tree = async (host: RealHost, name: string) => (await host.call('segments.show', { name })).tree;

test('a segment is built of rules and groups, named and saved', async () => {
  const host = await saved('/segments');
  await click('link', 'New segment');
  await choose('Field, rule 1', 'Country');
  await choose('Condition, rule 1', 'is');
  await choose('Value, rule 1', 'Norway');
  await press('Rule');
  await choose('Field, rule 2', 'City');
  await fill('Value, rule 2', 'Oslo');
  await press('Group of rules');
  await press('Rule in group, rule 3');
  await press('Group in group, rule 3');
  await press('Remove rule 3.2');
  await press('Remove the group, rule 3.2');
  await click('radio', 'Any');
  await choose('Field, rule 3.1', 'visit');
  await click('radio', 'All');
  await press('Save segment');
  await fill('Name', 'Germans', 'Save segment');
  await fill('Description', 'In Oslo', 'Save segment');
  await press('Save', 'Save segment');
  await see('already');
  await fill('Name', 'In Oslo', 'Save segment');
  await press('Save', 'Save segment');
  await until(() => expect(window.location.hash).toBe('#/segments/In%20Oslo'));
  expect(JSON.stringify(await tree(host, 'In Oslo'))).toContain('"NO"');
});

test('rules are changed, compared with the saved ones, discarded, saved and undone', async () => {
  const host = await saved();
  await choose('Value, rule 1', 'Norway');
  await see('Compared with the saved rules');
  await press('Discard');
  await choose('Value, rule 1', 'Norway');
  await press('Save segment');
  await until(async () => expect(JSON.stringify(await tree(host, 'Germans'))).toContain('NO'));
  await press(/^Undo: Segment saved/);
  await until(async () => expect(await tree(host, 'Germans')).toEqual(inGermany));
  await press('Recalculate');
  await press('Show more');
});

test('why a contact is in or out is explained', async () => {
  await saved();
  await choose('Contact to explain', /Marcus McAllister/, undefined, 'Marcus McAllister');
  await see('Marcus McAllister isn’t in this segment.');
  // Rules that aren't saved yet are explained as they stand.
  await choose('Value, rule 1', 'United States');
  await see('Marcus McAllister matches these rules.');
});

test('a list of emails is pasted and becomes a rule', async () => {
  const host = await saved();
  await press('Add an email list…');
  await fill('List name', 'Fair');
  await fill('Emails', 'marcus.mcallister@cascade-roofing.example');
  await press('Save list');
  await until(async () => expect(await host.call('segments.email_lists', {})).toHaveLength(1));
});

test('a segment is renamed, exported, copied with fixed members, and removed', async () => {
  const host = await saved();
  await menu('More', 'Rename…');
  await fill('Name', 'People in Germany');
  await press('Save', /^Rename/);
  await until(() => expect(window.location.hash).toContain('People'));
  await host.pick(host.path('members.csv'));
  await menu('More', 'Export members as CSV…');
  await see(`to ${host.path('members.csv')}`);
  await menu('More', 'Copy with fixed members…');
  await fill('Name of the copy', 'Fixed');
  await press('Copy segment');
  await see('This segment has fixed members.');
  const members = async () => (await host.call('segments.show', { name: 'Fixed' })).members;
  const before = await members();
  await press(/^Remove /);
  await until(async () => expect(await members()).toBe(before - 1));
  await press(/^Undo: .* removed/);
  await until(async () => expect(await members()).toBe(before));
  await choose('Add a contact', /Marcus McAllister/, undefined, 'Marcus McAllister');
  await until(async () => expect(await members()).toBe(before + 1));
  await menu('More', 'Remove…');
  await press('Cancel');
  await lose('Remove segment');
  await menu('More', 'Remove…');
  await press('Remove segment');
  await find('link', 'New segment');
  expect((await host.call('segments.list', {})).map(({ name }) => name)).toEqual(['People in Germany']);
});

/** How a rule is filled in, and what of it the engine is asked: each is accepted. */
const rules: [field: string, condition: string, fill: () => Promise<unknown>, kept: object][] = [
  ['Budget', 'at least', () => fill('Value, rule 1', '1,250.50'), { value: 1250.5 }],
  ['Birthday', 'before', () => fill('Value, rule 1', '1/31/1980'), { value: '1980-01-31' }],
  [
    'City',
    'is one of',
    async () => {
      await user.type(await find('combobox', 'Values, rule 1'), 'Oslo{Enter}Bergen{Enter}');
    },
    { value: ['Oslo', 'Bergen'] },
  ],
];

test.each(rules)('a rule on %s %s is accepted as it is filled in', async (field, condition, fillIn, kept) => {
  const host = await saved('/new-segment');
  await choose('Field, rule 1', field);
  await choose('Condition, rule 1', condition);
  await fillIn();
  await press('Save segment');
  await fill('Name', 'Filled in', 'Save segment');
  await press('Save', 'Save segment');
  await until(async () => expect(await tree(host, 'Filled in')).toMatchObject({ all: [kept] }));
});

test('an activity is asked for by how often, when and with which details', async () => {
  const host = await saved('/new-segment');
  await choose('Field, rule 1', 'visit');
  await choose('Condition, rule 1', /in the last/);
  await fill('Number, rule 1', '30');
  await choose('Unit, rule 1', /weeks/);
  await choose('How often, rule 1', 'at least');
  await fill('Times, rule 1', '2');
  await choose('Detail, rule 1', 'with a title that');
  await choose('Condition of the detail, rule 1', 'contains');
  await fill('Value of the detail, rule 1', 'price');
  await press('Save segment');
  await fill('Name', 'Visitors', 'Save segment');
  await press('Save', 'Save segment');
  await until(async () =>
    expect(await tree(host, 'Visitors')).toMatchObject({
      all: [{ activity: 'visit', within: '30 weeks', times: { op: 'at_least', value: 2 } }],
    }),
  );
});

test('a value that is none is neither counted nor saved, and a rule without one asks for it calmly', async () => {
  const host = await saved();
  await choose('Field, rule 1', 'Birthday');
  await choose('Condition, rule 1', 'before');
  await see('Give each rule a value');
  expect(document.body.textContent).not.toContain('needs a value to compare with');
  await fill('Value, rule 1', '02/29/2023');
  await see('Give each rule a value');
  await press('Save segment');
  expect(await tree(host, 'Germans')).toEqual(inGermany);
  await fill('Value, rule 1', '02/28/2023');
  await press('Save segment');
  await until(async () => expect(JSON.stringify(await tree(host, 'Germans'))).toContain('2023-02-28'));
});

test('rules are moved by keyboard, and none of a group is asked for', async () => {
  const host = await saved();
  await press('Rule');
  await choose('Field, rule 2', 'City');
  await fill('Value, rule 2', 'Oslo');
  const grip = await find('button', 'Move rule 2');
  grip.focus();
  await user.keyboard('{Alt>}{ArrowUp}{/Alt}');
  await press('Move rule 1');
  await click('menuitem', /^Move/);
  await find('combobox', 'Value, rule 1');
  await press('Move rule 1');
  await click('menuitem', /^Move/);
  await choose('Value, rule 2', 'Germany');
  await click('radio', 'None');
  await press('Save segment');
  await until(async () => expect(JSON.stringify(await tree(host, 'Germans'))).toMatch(/none.*city.*country/));
  await menu('More', 'Rename…');
  await fill('Description', 'Nobody from there', /^Rename/);
  await press('Save', /^Rename/);
  await see('Nobody from there');
  // The members are counted anew after the rules were saved, and the link with them.
  await until(async () => {
    await click('link', /^Show all/);
    expect(window.location.hash).toContain('segment=');
  });
});
