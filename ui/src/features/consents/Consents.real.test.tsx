import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { choose, fill, press, see, until } from '../../testing/user';

test('purposes are added, renamed and removed, and answers recorded for several contacts', async () => {
  const host = await realHost('practice');
  await openApp('/consents');
  await see('No purposes yet');
  await fill('Name', 'Newsletter');
  await press('Add purpose');
  await choose('Parent', 'Newsletter');
  await fill('Name', 'Weekly');
  await press('Add purpose');
  const paths = () => host.call('consents.paths', {});
  await until(async () => expect(await paths()).toEqual(['Newsletter', 'Newsletter > Weekly']));
  await press('Rename Newsletter > Weekly');
  await fill('Name', 'Monthly', /^Rename/);
  await press('Rename', /^Rename/);
  await until(async () => expect(await paths()).toContain('Newsletter > Monthly'));

  await choose('Purpose', 'Newsletter');
  await choose('Answer', 'Refused');
  await choose('Answer', 'Given');
  await fill('Where they were asked', 'Trade fair');
  await fill('Emails', 'marcus.mcallister@cascade-roofing.example, stranger@nowhere.example');
  await press('Record answers');
  await see('stranger@nowhere.example');
  const given = (await host.call('consents.purposes', {})).find(({ path }) => path === 'Newsletter');
  expect(given?.given).toBe(1);

  await choose('Wording of', 'Newsletter');
  await fill('Text', 'Yes, send me the newsletter.');
  await press('Add wording');
  await see('Yes, send me the newsletter.');
  await press('Verify ledger');
  await see('The ledger is complete: ');

  await press('Remove Newsletter > Monthly');
  await until(async () => expect(await paths()).toEqual(['Newsletter']));
  await press('Remove Newsletter');
  await press('Cancel');
  await press('Remove Newsletter');
  await press('Remove purpose');
  await until(async () => expect(await paths()).toEqual([]));
});
