import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { choose, click, fill, find, press, see, until, user } from '../../testing/user';

test('the settings of the workspace are saved and hold, and it is backed up where the user says', async () => {
  const host = await realHost('practice');
  await openApp('/settings');
  await fill('Name', 'Halden Outdoor');
  await fill('Keep sent values for (days)', '400');
  await fill('Daily backups to keep', '5');
  await press('Save settings');
  await until(async () =>
    expect(await host.call('workspaces.current', {})).toMatchObject({
      name: 'Halden Outdoor',
      history_days: 400,
      backups_kept: 5,
    }),
  );
  await host.pick(host.path('backup.leadferry'));
  await press('Back up now…');
  await see(host.path('backup.leadferry'));
});

test('how the window looks is kept', async () => {
  const host = await realHost('practice');
  await openApp('/settings');
  for (const scheme of ['Dark', 'Light', 'Match system']) await click('radio', scheme);
  await until(async () => expect(await host.call('shell.preference', { key: 'color_scheme' })).toBe('auto'));
  await choose('Numbers and dates', /German/);
  await choose('Numbers and dates', /^Match system|^System/);
});

test('the folders are copied from the settings, the help and the security page', async () => {
  await realHost('practice');
  await openApp('/settings');
  for (const what of ['the workspace’s path', 'the data folder', 'the logs folder']) {
    await press(`Copy ${what}`);
    await find('button', `${what} copied`);
  }
});

test('an error is found in the help, and the folders can be copied', async () => {
  await realHost('empty');
  await openApp('/help');
  await fill('Search errors', 'DUPLICATES_DETECTED');
  await see('1 error');
  await fill('Search errors', 'no such error');
  await press('Clear search');
  for (const what of ['the data folder', 'the logs folder']) await press(`Copy ${what}`);
});

test('what is kept where can be copied from the security page', async () => {
  await realHost('practice');
  await openApp('/security');
  for (const what of ['the workspace’s path', 'the data folder']) await press(`Copy ${what}`);
  await find('table', 'Secrets by connection');
});

test('traces of somebody who was erased are erased by email, phone number and name', async () => {
  const host = await realHost('practice');
  await openApp('/security');
  const dialog = 'Erase traces';
  for (const way of ['Cancel', 'Close']) {
    await press('Erase traces…');
    await press(way, dialog);
  }
  await press('Erase traces…');
  await user.type(await find('combobox', 'Emails', dialog), 'gu@wendels.example{Enter}');
  await user.type(await find('combobox', 'Phone numbers', dialog), '+49 30 1234567{Enter}');
  await fill('First name', 'Gundula', dialog);
  await fill('Last name', 'Wendelsberg', dialog);
  await press('Erase traces', dialog);
  await see('Nothing here names this person.');
  expect(await host.call('contacts.count', {})).toBeGreaterThan(100);
});
