import { beforeEach, expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { REPLICATION, type RealHost, realHost } from '../../testing/realHost';
import { all, choose, click, fill, find, menu, press, see, until, user } from '../../testing/user';
import { forgetWork } from './useMapping';

beforeEach(forgetWork);

async function mapping(): Promise<{ host: RealHost; text: () => Promise<string> }> {
  const host = await realHost('practice');
  await openApp(`/replications/${encodeURIComponent(REPLICATION)}/mapping`);
  await find('grid', 'Fields of Lead');
  return { host, text: async () => (await host.call('mappings.show', { name: REPLICATION })).text };
}

const source = (label: string) => find('button', new RegExp(`^${label} filled from:`));

test('a field is cleared, brought back, filled from another source, and each is saved', async () => {
  const { text } = await mapping();
  const before = await text();
  (await source('Title')).focus();
  await user.keyboard('{Delete}');
  await until(async () => expect(await text()).not.toContain('=Title'));
  await user.keyboard('{Control>}z{/Control}');
  await until(async () => expect(await text()).toBe(before));
  await menu('More about this mapping', 'Redo');
  await until(async () => expect(await text()).not.toContain('=Title'));
  await menu('More about this mapping', 'Undo');
  await until(async () => expect(await text()).toBe(before));
  await user.click(await source('Title'));
  await fill('Search sources for Title', 'City');
  await click('option', /^City/);
  await until(async () => expect(await text()).toContain('city=Title'));
});

test('a constant, a template, a value map and the rules of a row are written in their dialogs', async () => {
  const { text } = await mapping();
  const from = async (label: string, option: string | RegExp) => {
    await user.click(await source(label));
    await click('option', option);
  };
  await from('Title', /^Constant/);
  await fill('Value', 'Boss');
  await press('Save constant');
  await until(async () => expect(await text()).toContain('"Boss"=Title'));

  await from('Title', /^Template/);
  await fill('Search fields to insert', 'city');
  await press(/^Insert City/);
  await press('Save template');
  await until(async () => expect(await text()).toContain('Contact.city'));

  await fill('Search fields', 'lead source');
  await from('Lead Source', /^Language/);
  await menu(/^Overwrite Lead Source/, 'Value map…');
  await fill('Value in Salesforce for de', 'Web');
  await press('Add value');
  await fill('Value here', 'xx');
  await press('Remove the new value');
  await press('Clear de');
  await fill('Value in Salesforce for de', 'Web');
  await press('Save value map');
  await find('button', '1 value mapped');
  await fill('Search fields', '');

  await menu(/^Overwrite Email/, 'More rules…');
  await choose('If Salesforce would refuse a value', 'Block the contact');
  await click('checkbox', 'Block contacts that have no value');
  await press('Save');
  await until(async () => expect(await text()).toContain('required'));
});

test('the sample contact, the search and the whole text of the mapping', async () => {
  const { text } = await mapping();
  await press('Next contact');
  await press('Previous contact');
  await fill('Search fields', 'title');
  await until(() => expect(all('button', /^Email filled/)).toEqual([]));
  await fill('Search fields', '');
  await press('Show');
  await press('Hide');
  const before = await text();
  await menu('More about this mapping', 'Show as text');
  await press(/^Copy/);
  await fill('Mapping', 'last_name=LastName', /as text$/);
  await press('Close', /as text$/);
  await menu('More about this mapping', 'Add field by name…');
  await fill('API name of the field', 'Rating');
  await choose('Filled from', /City/);
  await press('Add field');
  await until(async () => expect(await text()).toContain('=Rating'));
  await menu('More about this mapping', 'Description template…');
  await press('Cancel', 'Description template');
  expect(await text()).not.toBe(before);
});

test('rows are pasted as text', async () => {
  const { text } = await mapping();
  await press('Paste');
  await fill('Rows', 'city=Title');
  await find('list', 'What would be set');
  await press(/^(Set|Save|Apply|Paste)/, 'Paste rows');
  await until(async () => expect(await text()).toContain('city=Title'));
  await press(/^Auto/);
  await see('Title');
});

test('when a row is written is chosen from its menu, and F8 goes to what needs a look', async () => {
  const { text } = await mapping();
  for (const [rule, written] of [
    ['If empty', 'if_empty'],
    ['New records', 'on_create'],
    ['Always', ''],
  ] as const) {
    await menu(/^Overwrite Title/, rule);
    await find('button', `Overwrite Title: ${rule}`);
    await until(async () => expect(await text()).toMatch(new RegExp(`=Title( ; ${written})?$`, 'm')));
  }
  (await source('Title')).focus();
  await user.keyboard('{F8}');
  await find('grid', 'Fields of Lead');
});

test('a dialog of a row gives the focus back to the row, where its save can be undone by key', async () => {
  const { text } = await mapping();
  const before = await text();
  await user.click(await source('Title'));
  await click('option', /^Template/);
  await fill('Search fields to insert', 'first name', 'Template for Title');
  await press('Insert First name', 'Template for Title');
  await fill('Search fields to insert', 'points', 'Template for Title');
  await press('Insert Engagement points', 'Template for Title');
  await fill('Search fields to insert', 'last', 'Template for Title');
  await press('Insert Last name', 'Template for Title');
  await press('Save template');
  await until(async () => expect(await text()).toContain('=Title'));
  await until(() => expect(document.activeElement?.getAttribute('data-row')).toBe('Title'));
  await user.keyboard('{Control>}z{/Control}');
  await until(async () => expect(await text()).toBe(before));
});

test('the description is written with fields, and checked before it is saved', async () => {
  const { host } = await mapping();
  const dialog = 'Description template';
  await menu('More about this mapping', 'Description template…');
  await fill('Template', 'Met at the fair, ', dialog);
  await fill('Search fields to insert', 'points', dialog);
  await press(/^Insert .*points/, dialog);
  await fill('Search fields to insert', 'first', dialog);
  await press('Insert First name', dialog);
  await press('Save template', dialog);
  await until(async () =>
    expect((await host.call('replications.show', { name: REPLICATION })).settings.description).toMatch(
      /^Met at the fair, .*Score.*Contact/,
    ),
  );
});

test('the whole mapping is replaced as text, and a source that does not fit says why', async () => {
  const { text } = await mapping();
  await menu('More about this mapping', 'Show as text');
  await fill('Mapping', 'last_name=LastName\n@company_name=Company\nemail=Email', /as text$/);
  await press('Replace mapping');
  await until(async () => expect(await text()).not.toContain('=Title'));
  await press('Show');
  await user.click(await source('Annual Revenue'));
  await press('Show why');
  await see('can’t fill this type');
});

test('a proposed source is confirmed, and values that the org lacks are mapped from their mark', async () => {
  const { text } = await mapping();
  await press(/^Auto/);
  const before = await text();
  await press(/^Confirm /);
  await until(async () => expect((await text()).split('\n').length).toBe(before.split('\n').length + 1));

  await fill('Search fields', 'lead source');
  await user.click(await source('Lead Source'));
  await click('option', /^Language/);
  const dialog = /^Value map for /;
  await until(async () => {
    if (all('dialog', dialog).length > 0) await press('Cancel', dialog);
    expect(all('dialog', dialog)).toEqual([]);
    expect(all('button', 'Map values')).toHaveLength(1);
  });
  await press('Map values');
  await fill('Value in Salesforce for de', 'Web', dialog);
  await press('Save value map', dialog);
  await press('1 value mapped');
  await press('Close', dialog);

  await fill('Search fields', 'title');
  await user.click(await source('Title'));
  await click('option', /^Template/);
  await fill('Template', 'From {% Contact.city %}', 'Template for Title');
  await press('Save template', 'Template for Title');
  await until(async () => expect(await text()).toContain('From {% Contact.city %}=Title'));
});
