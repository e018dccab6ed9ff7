/** Asks before a sign-in is revoked: what stops, and what stays. */
import { Button } from '@mantine/core';
import { Dialog } from '../../components/Dialog';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { visible } from '../../components/visible';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';

type Props = { name: string; onClose: () => void };

export function Revoking({ name, onClose }: Props) {
  const details = useAsk('connections.show', { name });
  const revoke = useDo('connections.revoke');
  const used = details.data?.replications ?? [];
  return (
    <Dialog opened onClose={onClose} title={`Revoke the sign-in to ${visible(name)}`} size={480}>
      <p>
        Salesforce forgets this sign-in, and so does Leadferry. The connection and its settings stay, and you
        can sign in again at any time.
        {used.length > 0 && ` Until then, nothing is sent by ${used.join(', ')}.`}
      </p>
      {revoke.error && <Trouble error={revoke.error} focus />}
      <div className={classes.dialogButtons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          Cancel
        </Button>
        <Button
          color="red"
          loading={revoke.isPending}
          onClick={() =>
            revoke.mutate(
              { name },
              {
                onSuccess: ({ revoked, signs_in_again: again }) => {
                  const done = revoked ? `Signed out of ${name}.` : `No sign-in to ${name} is stored here.`;
                  say(again ? `${name} signs in again when it is used.` : done);
                  onClose();
                },
              },
            )
          }
        >
          Revoke sign-in
        </Button>
      </div>
    </Dialog>
  );
}
