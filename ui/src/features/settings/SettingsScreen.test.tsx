// A fake host: a real workspace of this user can always be written.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { WorkspaceInfo } from '../../ipc/bindings';
import { answers } from '../../testing/demo.app';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { show } from '../../testing/render';
import { SettingsScreen } from './SettingsScreen';

const workspace = answers['workspaces.current'] as WorkspaceInfo;

function host() {
  return fakeHost({
    'workspaces.current': workspace,
    'help.about': {
      version: '0.1.0',
      licence: 'MIT OR Apache-2.0',
      data_folder: '/home/mia/.local/share/leadferry',
      logs_folder: '/home/mia/.local/share/leadferry/logs',
    },
    'shell.preference': null,
  });
}

test('a refusal stands beside what was refused', async () => {
  host().answer({
    'workspaces.set': () => {
      throw hostError({ message: 'the workspace is read-only', hint: 'copy it' });
    },
  });
  await show(SettingsScreen);
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name' }), '2');
  await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
  expect(await screen.findByText('The workspace is read-only.')).toBeTruthy();
});
