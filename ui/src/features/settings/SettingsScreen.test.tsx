import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { WorkspaceInfo } from '../../ipc/bindings';
import { answers } from '../../testing/demo.app';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
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

test('settings are saved only once they differ', async () => {
  const fake = host();
  const { container } = await show(SettingsScreen);
  const save = (await screen.findByRole('button', { name: 'Save settings' })) as HTMLButtonElement;
  expect(save.disabled).toBe(true);
  await expectAccessible(container);
  await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), ' AS');
  await userEvent.click(save);
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'workspaces.set',
      params: { name: 'Halden Outdoor AS', history_days: 400, backups_kept: 3 },
    }),
  );
});

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
