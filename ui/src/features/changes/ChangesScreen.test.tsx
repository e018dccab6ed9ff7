import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Act } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { ChangesScreen } from './ChangesScreen';

const acts: Act[] = [
  {
    id: 8,
    kind: 'delete',
    summary: 'deleted 3 contacts',
    import: null,
    at: Date.now() - 86_400_000,
    undone_at: null,
  },
  {
    id: 7,
    kind: 'import',
    summary: 'imported spring.csv',
    import: 4,
    at: Date.now() - 2 * 86_400_000,
    undone_at: Date.now(),
  },
];

test('a deletion of yesterday is undone from the list', async () => {
  const fake = fakeHost({ 'contacts.acts': acts, 'contacts.undo': { act: 8, restored: 3, left_alone: [] } });
  const { container } = await show(ChangesScreen);
  expect(await screen.findByText('spring.csv')).toBeTruthy();
  await expectAccessible(container);
  const undo = screen.getAllByRole('button', { name: /^Undo/ });
  expect(undo.length).toBe(1);
  await userEvent.click(screen.getByRole('button', { name: 'Undo: Deleted contacts, 3 contacts' }));
  await waitFor(() => expect(fake.calls).toContainEqual({ name: 'contacts.undo', params: { act: 8 } }));
  expect(await screen.findByText('Restored 3 contacts.')).toBeTruthy();
});

test('a workspace without changes says what the list is for', async () => {
  fakeHost({ 'contacts.acts': [] });
  await show(ChangesScreen);
  expect(await screen.findByText('No changes to undo')).toBeTruthy();
});
