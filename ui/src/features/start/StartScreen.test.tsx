// A fake host: the screen asks it nothing.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { StartScreen } from './StartScreen';

test('what to set up is listed in groups and found by typing', async () => {
  fakeHost({});
  const { container } = await show(StartScreen);
  const groups = () => screen.getAllByRole('heading', { level: 2 }).map((one) => one.textContent);
  await screen.findByText('Send to leads');
  expect(groups()).toEqual(['Send to leads', 'Send to contacts', 'Read from Salesforce', 'Sync consent']);
  await expectAccessible(container);
  const box = screen.getByRole('searchbox', { name: 'Search what to set up' });
  await userEvent.type(box, 'consent lead');
  expect(groups()).toEqual(['Sync consent']);
  expect(screen.getAllByRole('listitem')).toHaveLength(1);
  await userEvent.type(box, ' nothing');
  await userEvent.click(screen.getByRole('button', { name: 'Clear search' }));
  expect(groups()).toHaveLength(4);
});
