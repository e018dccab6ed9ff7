/** Shown while a backup stands in for a damaged workspace: which file that is, and the button that restores it. */
import { Modal } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { useState } from 'react';
import { DialogButtons } from '../components/DialogButtons';
import { Trouble } from '../components/Trouble';
import { say } from '../components/undo';
import { visible } from '../components/visible';
import { useAsk, useDo } from '../ipc/queries';
import classes from './ReviewWorkspace.module.css';
import { WorkspaceBar } from './WorkspaceBar';

export function DamagedWorkspace() {
  const workspace = useAsk('workspaces.current', {}).data;
  const [asking, setAsking] = useState(false);
  if (!workspace?.stands_in_for) return null;
  return (
    <>
      <WorkspaceBar
        icon={<IconFileAlert size={16} stroke={1.75} aria-hidden />}
        button="Restore backup"
        onClick={() => setAsking(true)}
      >
        Your workspace is damaged. You see its newest backup, which can’t be changed.
      </WorkspaceBar>
      {asking && (
        <RestoreDialog
          damaged={workspace.stands_in_for}
          backup={workspace.path}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function RestoreDialog(props: { damaged: string; backup: string; onClose: () => void }) {
  const restore = useDo('workspaces.restore');
  return (
    <Modal opened onClose={props.onClose} title="Restore this backup" size={560}>
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
    </Modal>
  );
}
