/** Asks before something is removed: what goes with it, and the way back first. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { HostError } from '../ipc/bindings';
import { Dialog } from './Dialog';
import classes from './RemoveDialog.module.css';
import { Trouble } from './Trouble';
import { visible } from './visible';

type Props = {
  name: string;
  /** What goes with it. */
  children: ReactNode;
  /** What the button says, such as `Remove score`. */
  act: string;
  disabled?: boolean;
  busy: boolean;
  error: HostError | null;
  onRemove: () => void;
  onClose: () => void;
};

export function RemoveDialog({ name, children, act, disabled, busy, error, onRemove, onClose }: Props) {
  return (
    <Dialog opened onClose={onClose} title={`Remove ${visible(name)}`} size={460}>
      <p>{children}</p>
      {error && <Trouble error={error} />}
      <div className={classes.buttons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button color="red" disabled={disabled} loading={busy} onClick={onRemove}>
          {act}
        </Button>
      </div>
    </Dialog>
  );
}
