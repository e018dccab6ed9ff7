import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { choose, click, fill, find, press, see, until } from '../../testing/user';

const VISITS = [
  'E-mail,Stamp,What,Page',
  'marcus.mcallister@cascade-roofing.example,03/04/2026 10:00,visit,/prices',
  'stranger@nowhere.example,04/04/2026 11:00,visit,/prices',
  'marcus.mcallister@cascade-roofing.example,not a date,visit,/prices',
].join('\n');

test('a type is added, removed and brought back', async () => {
  const host = await realHost('empty');
  await openApp('/activities');
  await fill('Name of the new activity type', 'order');
  await press('Add type');
  const types = async () => (await host.call('activities.types', {})).map(({ name }) => name);
  await press('Remove order');
  await until(async () => expect(await types()).toEqual([]));
  await press('Undo: order removed.');
  await until(async () => expect(await types()).toEqual(['order']));
});

test('a file is read as it is told, and says what was added, what waits and what is invalid', async () => {
  const host = await realHost('practice');
  await host.file('visits.csv', VISITS);
  await openApp('/activities');
  await press('Choose file');
  await choose('Stamp maps to', 'Time');
  await choose('What maps to', 'Type');
  await choose('Page maps to', 'Web page');
  await fill('Type for rows without one', 'visit');
  await choose('Order of dates such as 03/04/2026', /^Day.*month/i);
  await click('checkbox', 'Create new activity types');
  await see('No activity types yet');
  await click('checkbox', 'Create new activity types');
  await press('Import activities');
  await see('3 rows: 1 added, 1 waiting for a contact, 1 invalid');
  await find('table', 'Waiting activities');
  expect((await host.call('activities.waiting', { limit: 10 })).total).toBe(1);
});

test('a file that was imported before is imported again only when that is asked for', async () => {
  const host = await realHost('practice');
  const text = 'Email,Type,Time\nmarcus.mcallister@cascade-roofing.example,visit,2026-04-03 10:00\n';
  await host.file('visits.csv', text);
  await openApp('/activities');
  await press('Choose file');
  for (const [column, place] of [
    ['Delimiter', 'Comma'],
    ['Encoding', 'UTF-8'],
    ['Header row', /^1: /],
  ] as const)
    await choose(column, place);
  await press('Import activities');
  await see('1 row: 1 added');
  await press('Choose file');
  await see('You imported this file before.');
  await press('Import again');
  await see('1 row: ');
});
