// A fake host: an erase that leaves mentions and files of every kind.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { ErasedInfo } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { show } from '../../testing/render';
import { card } from '../../testing/samples.contacts';
import { EraseDialog } from './EraseDialog';

const erased: ErasedInfo = {
  contacts: 1,
  removed: [],
  backups_rewritten: 1,
  backups_dropped: 0,
  mentions: [],
  more_mentions: 0,
  files: [],
  unfinished: null,
};

async function eraseWith(answer: ErasedInfo) {
  fakeHost({ 'contacts.erase': answer });
  const onErased = vi.fn();
  await show(() => <EraseDialog card={card} onClose={() => undefined} onErased={onErased} />);
  const button = await screen.findByRole('button', { name: 'Erase contact' });
  expect(screen.getByText(/Records in Salesforce and files you exported or copied stay/)).toBeTruthy();
  expect((button as HTMLButtonElement).disabled).toBe(true);
  await userEvent.type(screen.getByRole('textbox'), card.name);
  await userEvent.click(button);
  return onErased;
}

test('an erase with nothing left to decide closes', async () => {
  const onErased = await eraseWith(erased);
  await waitFor(() => expect(onErased).toHaveBeenCalled());
});

test('what still names the contact is listed, each with the way there', async () => {
  const segment = { place: 'segment', label: 'Segment', name: 'VIP', guid: null, part: 'rules' } as const;
  const other = {
    place: 'contact',
    label: 'Contact',
    name: 'Bo Li',
    guid: 'f'.repeat(32),
    part: 'notes',
  } as const;
  const file = '/home/mia/Ann Lee.errors.csv';
  const onErased = await eraseWith({
    ...erased,
    mentions: [segment, other],
    more_mentions: 2,
    files: [file],
    unfinished: 'the disk is full',
  });
  expect(await screen.findByText(/These still name the contact/)).toBeTruthy();
  const way = (name: string) => screen.getByRole('link', { name }).getAttribute('href');
  expect(way('VIP')).toContain('/segments/VIP');
  expect(way('Bo Li')).toContain(`open=${other.guid}`);
  expect(screen.getByText(`File ${file}`)).toBeTruthy();
  expect(screen.getByText('And 2 more.')).toBeTruthy();
  expect(screen.getByText(/the disk is full/)).toBeTruthy();
  expect(onErased).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Done' }));
  expect(onErased).toHaveBeenCalled();
});
