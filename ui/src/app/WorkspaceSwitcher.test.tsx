import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { WorkspaceInfo } from '../ipc/bindings';
import { answers } from '../testing/demo.app';
import { fakeHost } from '../testing/fakeHost';
import { show } from '../testing/render';
import { WorkspaceSwitcher } from './WorkspaceSwitcher';

const workspace = answers['workspaces.current'] as WorkspaceInfo;
const other = { path: '/home/mia/Documents/Acme.leadferry', name: 'Acme', folder: '/home/mia/Documents' };

test('another workspace that was opened lately is one choice away', async () => {
  const fake = fakeHost({
    'workspaces.current': workspace,
    'workspaces.recent': [other],
    'workspaces.open': workspace,
  });
  await show(WorkspaceSwitcher);
  await userEvent.click(await screen.findByRole('button', { name: 'Workspace: Halden Outdoor' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: /Acme/ }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({ name: 'workspaces.open', params: { path: other.path } }),
  );
});
