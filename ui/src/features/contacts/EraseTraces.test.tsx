import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { ErasedInfo } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { show } from '../../testing/render';
import { EraseTraces } from './EraseTraces';

const nothing: ErasedInfo = {
  contacts: 0,
  removed: [],
  backups_rewritten: 0,
  backups_dropped: 0,
  mentions: [],
  more_mentions: 0,
  files: [],
  unfinished: null,
};

async function eraseWith(answer: ErasedInfo) {
  const host = fakeHost({ 'contacts.erase_traces': answer });
  await show(EraseTraces);
  await userEvent.click(await screen.findByRole('button', { name: 'Erase traces…' }));
  const button = await screen.findByRole('button', { name: 'Erase traces' });
  expect((button as HTMLButtonElement).disabled).toBe(true);
  await userEvent.type(screen.getByLabelText('Emails', { selector: 'input' }), 'gu@wendels.example');
  await userEvent.type(screen.getByRole('textbox', { name: 'First name' }), 'Gundula');
  await userEvent.type(screen.getByRole('textbox', { name: 'Last name' }), 'Wendelsberg');
  await userEvent.click(button);
  return host.calls.find(({ name }) => name === 'contacts.erase_traces')?.params;
}

test('what is known of the person is asked for and erased', async () => {
  const asked = await eraseWith({ ...nothing, backups_rewritten: 1 });
  expect(asked).toEqual({
    emails: ['gu@wendels.example'],
    phones: [],
    first_name: 'Gundula',
    last_name: 'Wendelsberg',
  });
  expect(await screen.findByText('Traces erased.')).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('a person whom nothing names is told as that', async () => {
  await eraseWith(nothing);
  expect(await screen.findByText('Nothing here names this person. Check the spelling.')).toBeTruthy();
});

test('what only the user can change is listed', async () => {
  await eraseWith({ ...nothing, files: ['/home/mia/copy.leadferry'] });
  expect(await screen.findByText('File /home/mia/copy.leadferry')).toBeTruthy();
});
