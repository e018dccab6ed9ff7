// A fake host: a real disk is not full.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { FirstRunScreen } from './FirstRunScreen';

test('there are three ways to begin, and the quickest has the focus', async () => {
  fakeHost({});
  const { container } = await show(FirstRunScreen);
  const first = await screen.findByRole('button', { name: 'Open the practice org' });
  expect(document.activeElement).toBe(first);
  expect(screen.getByRole('button', { name: 'Start setup' })).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Choose a file' })).toBeTruthy();
  await expectAccessible(container);
});

test('importing makes a workspace first', async () => {
  const fake = fakeHost({
    'workspaces.create': () => Promise.reject(hostError({ message: 'the disk is full' })),
  });
  await show(FirstRunScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Choose a file' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({ name: 'workspaces.create', params: { name: 'My contacts' } }),
  );
  expect(await screen.findByText('The disk is full.')).toBeTruthy();
});
