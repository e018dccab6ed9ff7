import { expect, test } from 'vitest';
import { openApp } from '../../testing/app';
import { realHost } from '../../testing/realHost';
import { find, press, until, user } from '../../testing/user';

test('an edit of one contact is in the list by name, opens the contact, and is undone', async () => {
  const host = await realHost('empty');
  const fields = { first_name: 'Ada', last_name: 'Lovelace', city: 'London' };
  const { guid } = await host.call('contacts.add', { fields });
  for (const city of ['Paris', 'Turin']) await host.call('contacts.set', { contact: guid, fields: { city } });
  await openApp('/changes');
  await find('table', 'Changes');
  await press('Undo: Edited contact, Ada Lovelace');
  await until(async () =>
    expect(JSON.stringify(await host.call('contacts.show', { contact: guid }))).toContain('London'),
  );
  await find('link', 'Ada Lovelace');
  await user.click(document.querySelector('tbody td') as Element);
  await until(() => expect(window.location.hash).toContain(guid));
});
