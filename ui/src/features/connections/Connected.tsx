/** Says that a sign-in has worked: as whom, and in which org. */
import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Dialog } from '../../components/Dialog';
import { visible } from '../../components/visible';
import type { ConnectionInfo } from '../../ipc/bindings';
import classes from './Connections.module.css';
import { Facts } from './Facts';

type Props = { connection: ConnectionInfo; onClose: () => void };

export function Connected({ connection, onClose }: Props) {
  const navigate = useNavigate();
  return (
    <Dialog opened onClose={onClose} title={`Connected to ${visible(connection.name)}`} size={520}>
      <p className={classes.success}>
        <IconCircleCheck size={20} stroke={1.75} aria-hidden /> Salesforce has signed you in. Nothing was
        written to the org.
      </p>
      <Facts connection={connection} />
      <div className={classes.dialogButtons}>
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
        <Button data-autofocus onClick={() => void navigate({ to: '/new' })}>
          Next
        </Button>
      </div>
    </Dialog>
  );
}
