/** Lets a pull read from another connection, for example after a sandbox was refreshed. */
import { Select } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { PullDetails } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Pulls.module.css';

type Props = { pull: PullDetails; others: readonly string[]; onClose: () => void };

export function MoveDialog({ pull, others, onClose }: Props) {
  const [connection, setConnection] = useState(others[0] ?? '');
  const move = useDo('pulls.move');
  const save = () =>
    move.mutate(
      { name: pull.name, connection },
      {
        onSuccess: () => {
          say(`${pull.name} now reads from ${connection}.`);
          onClose();
        },
      },
    );
  return (
    <Dialog opened onClose={onClose} title={`Change the connection of ${pull.name}`}>
      <form
        className={classes.stack}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Select
          label="Read from"
          allowDeselect={false}
          data={[...others]}
          value={connection}
          onChange={(next) => setConnection(next ?? '')}
        />
        <p className={classes.quiet}>
          Records that were read from {pull.connection} stay in this workspace, and so do links to them. The
          next run reads everything from {connection}, unless both are the same org. Contacts are linked to
          records of {connection} when a replication finds them or you link them.
        </p>
        {move.error && <Trouble error={move.error} focus />}
        <DialogButtons onCancel={onClose} busy={move.isPending}>
          Change connection
        </DialogButtons>
      </form>
    </Dialog>
  );
}
