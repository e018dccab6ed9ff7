import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { answers } from '../testing/demo.app';
import { fakeHost } from '../testing/fakeHost';
import { expectAccessible, show } from '../testing/render';
import { DamagedWorkspace } from './DamagedWorkspace';
import { SummonedSalvageDialog } from './SalvageDialog';
import { summon } from './summons';

// A damaged file can't be made from here: the host's own tests damage one.
const backup = '/home/mia/Documents/Halden Outdoor.leadferry.backups/2026-11-29T080000Z.daily.backup';
const sound = answers['workspaces.current'];

function hostWith(changes: object) {
  const damaged = { ...sound, read_only: true, ...changes };
  const host = fakeHost({ ...answers, 'workspaces.restore': null } as never);
  host.answer({ 'workspaces.current': damaged as never });
  return host;
}

test('a damaged workspace says that it can’t be changed, and is restored from its newest backup', async () => {
  const host = hostWith({ damage: 'contacts (2 places)', sound_backup: backup });
  const { container } = await show(DamagedWorkspace);
  expect(await screen.findByText(/can’t be changed until you restore a backup/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Restore backup' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog.textContent).toContain(backup);
  await expectAccessible(container);
  const [, confirm] = screen.getAllByRole('button', { name: 'Restore backup', hidden: true });
  if (!confirm) throw new Error('the dialog has no button');
  await userEvent.click(confirm);
  await waitFor(() => expect(host.calls.map((call) => call.name)).toContain('workspaces.restore'));
});

test('without a sound backup it says where else to look', async () => {
  hostWith({ damage: 'contacts (2 places)' });
  await show(DamagedWorkspace);
  expect(await screen.findByText(/Restore a backup that you keep elsewhere/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Restore backup' })).toBeNull();
});

test('what can be read is salvaged into a new workspace, with what is lost told by kind', async () => {
  const host = hostWith({ damage: 'contacts (2 places)' });
  host.answer({
    'workspaces.salvage': {
      damaged: '/home/mia/Halden.leadferry',
      path: '/home/mia/Salvaged.leadferry',
      parts: [
        { what: 'contacts', kept: 1204, lost: 16, may_lack_more: false },
        { what: 'links to Salesforce records', kept: 900, lost: 0, may_lack_more: true },
      ],
      ledger: 'Events before number 4 are missing.',
      found_by: '/home/mia/Halden.leadferry.backups/early.backup',
    },
    'workspaces.open': null,
  } as never);
  const { container } = await show(DamagedWorkspace);
  await userEvent.click(await screen.findByRole('button', { name: 'Salvage' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Choose where to save…' }));
  const row = await screen.findByRole('row', { name: /contacts 1,204 16/ });
  expect(row).toBeTruthy();
  expect(screen.getByRole('row', { name: /links to Salesforce records 900 Unknown/ })).toBeTruthy();
  expect(screen.getByText(/Events before number 4 are missing/)).toBeTruthy();
  expect(screen.getByText(/lost its first page/).textContent).toContain('early.backup');
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Open new workspace' }));
  const opened = () => host.calls.find((call) => call.name === 'workspaces.open');
  await waitFor(() => expect(opened()?.params).toEqual({ path: '/home/mia/Salvaged.leadferry' }));
});

test('a workspace that can’t be opened at all is picked', async () => {
  const host = hostWith({});
  host.answer({ 'workspaces.salvage': null } as never);
  await show(SummonedSalvageDialog);
  act(() => summon('salvage'));
  await userEvent.click(await screen.findByRole('button', { name: 'Choose workspace…' }));
  const salvage = () => host.calls.find((call) => call.name === 'workspaces.salvage');
  await waitFor(() => expect(salvage()?.params).toEqual({}));
});
