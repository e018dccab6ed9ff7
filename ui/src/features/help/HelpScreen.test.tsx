import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { HelpScreen } from './HelpScreen';

const errors = [
  { code: 'DUPLICATES_DETECTED', label: 'looks like a duplicate', cause: 'a rule found it', cure: 'link it' },
  { code: 'ambiguous', label: 'several could be meant', cause: 'one e-mail, two people', cure: 'choose one' },
];
const about = { version: '0.1.0', licence: 'MIT', data_folder: '/data', logs_folder: '/logs' };

test('an error is found by its code or by a word of its cure', async () => {
  fakeHost({ 'help.errors': errors, 'help.about': about });
  const { container } = await show(HelpScreen);
  expect(await screen.findByText('2 errors')).toBeTruthy();
  await expectAccessible(container);
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search errors' }), 'choose');
  expect(await screen.findByText('1 error')).toBeTruthy();
  expect(screen.queryByText('DUPLICATES_DETECTED')).toBeNull();
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search errors' }), ' nothing');
  await userEvent.click(await screen.findByRole('button', { name: 'Clear search' }));
  expect(await screen.findByText('2 errors')).toBeTruthy();
});
