/** Shown while a workspace is damaged: whether you see it or its newest backup, and the buttons that restore or salvage it. */

import { IconFileAlert } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../components/Dialog';
import { DialogButtons } from '../components/DialogButtons';
import { Trouble } from '../components/Trouble';
import { say } from '../components/undo';
import { visible } from '../components/visible';
import type { WorkspaceInfo } from '../ipc/bindings';
import { useAsk, useDo } from '../ipc/queries';
import classes from './ReviewWorkspace.module.css';
import { SalvageDialog } from './SalvageDialog';
import { WorkspaceBar } from './WorkspaceBar';

export function DamagedWorkspace() {
  const workspace = useAsk('workspaces.current', {}).data;
  const [asking, setAsking] = useState<'restore' | 'salvage'>();
  const state = workspace && stateOf(workspace);
  if (!state) return null;
  const { says, damaged, backup } = state;
  return (
    <>
      <WorkspaceBar
        icon={<IconFileAlert size={16} stroke={1.75} aria-hidden />}
        button={backup ? 'Restore backup' : undefined}
        onClick={() => setAsking('restore')}
        second={{ button: 'Salvage', onClick: () => setAsking('salvage') }}
      >
        {says}
      </WorkspaceBar>
      {asking === 'restore' && backup && (
        <RestoreDialog damaged={damaged} backup={backup} onClose={() => setAsking(undefined)} />
      )}
      {asking === 'salvage' && (
        <SalvageDialog damaged={damaged} hasBackup={!!backup} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
}

/** What a damaged workspace says of itself, and the backup that can take its place. */
function stateOf(workspace: WorkspaceInfo) {
  if (workspace.stands_in_for) {
    const says = 'Your workspace is damaged. You see its newest backup, which can’t be changed.';
    return { says, damaged: workspace.stands_in_for, backup: workspace.path };
  }
  if (!workspace.damage) return null;
  const says = workspace.sound_backup
    ? 'Your workspace is damaged and can’t be changed until you restore a backup.'
    : 'Your workspace is damaged and can’t be changed. Restore a backup that you keep elsewhere, or salvage what can be read.';
  return { says, damaged: workspace.path, backup: workspace.sound_backup };
}

function RestoreDialog(props: { damaged: string; backup: string; onClose: () => void }) {
  const restore = useDo('workspaces.restore');
  return (
    <Dialog opened onClose={props.onClose} title="Restore this backup" size={560}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          restore.mutate(
            {},
            {
              onSuccess: () => {
                say('Backup restored.');
                props.onClose();
              },
            },
          );
        }}
      >
        <p>
          The backup takes the place of your workspace. What changed since the backup was made isn’t in it;
          records in Salesforce stay as they are. The damaged file is kept among the backups.
        </p>
        <p className={classes.file}>
          Backup: {visible(props.backup)}
          <br />
          Workspace: {visible(props.damaged)}
        </p>
        {restore.error && <Trouble error={restore.error} focus />}
        <DialogButtons onCancel={props.onClose} busy={restore.isPending}>
          Restore backup
        </DialogButtons>
      </form>
    </Dialog>
  );
}
