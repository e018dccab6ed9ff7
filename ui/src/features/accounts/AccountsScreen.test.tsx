// A fake host: a real workspace can always be read.
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { show } from '../../testing/render';
import { AccountsScreen } from './AccountsScreen';

test('a list that cannot be read says so', async () => {
  fakeHost({
    'accounts.list': () => {
      throw hostError({ message: 'the workspace cannot be read' });
    },
  });
  await show(AccountsScreen);
  expect(await screen.findByText('The workspace cannot be read.')).toBeTruthy();
});
