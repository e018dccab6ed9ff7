/** Copying a replication to another connection, and removing one. */
import { Button, Select, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { counted } from '../../components/numbers';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Trouble } from '../../components/Trouble';
import type { ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Replications.module.css';

type Props = { replication: ReplicationInfo; opened: boolean; onClose: () => void };

export function CopyDialog({ replication, opened, onClose }: Props) {
  const navigate = useNavigate();
  const copy = useDo('replications.copy');
  const connections = useAsk('connections.list', {}, { enabled: opened }).data ?? [];
  const others = connections.map((one) => one.name).filter((name) => name !== replication.connection);
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const connection = chosen ?? others[0] ?? null;
  const newName = typed ?? (connection ? `${replication.name} in ${connection}` : '');
  return (
    <Dialog opened={opened} onClose={onClose} title={`Use ${replication.name} in another org`} size={460}>
      {opened && others.length === 0 ? (
        <Stack gap="sm">
          <p>There is no other connection yet. Connect the other org first.</p>
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button onClick={() => void navigate({ to: '/connections/new' })}>Connect an org</Button>
          </div>
        </Stack>
      ) : (
        <Stack gap="sm">
          <Select label="Connection" data={others} value={connection} onChange={setChosen} data-autofocus />
          <TextInput
            label="Name of the copy"
            value={newName}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <p className={classes.help}>
            The copy gets the same contacts, mapping and settings, but no links and no queue. It’s disabled
            and runs manually. Look at its plan, then resume it.
          </p>
          {copy.error && <Trouble error={copy.error} />}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              loading={copy.isPending}
              disabled={!connection || !newName.trim()}
              onClick={() =>
                connection &&
                copy.mutate(
                  { name: replication.name, new_name: newName.trim(), connection },
                  {
                    onSuccess: (made) => {
                      onClose();
                      void navigate({
                        to: '/replications/$name/$tab',
                        params: { name: made.name, tab: 'plan' },
                      });
                    },
                  },
                )
              }
            >
              Copy to {connection ?? '…'}
            </Button>
          </div>
        </Stack>
      )}
    </Dialog>
  );
}

export function RemoveReplication({ replication: { name, standing }, opened, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useDo('replications.remove');
  if (!opened) return null;
  return (
    <RemoveDialog
      name={name}
      act="Remove replication"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onRemove={() => remove.mutate({ name }, { onSuccess: () => void navigate({ to: '/replications' }) })}
    >
      Its mapping, its queue and the history of {counted(standing.runs, 'run')} are removed permanently.
      Contacts, links and the records in Salesforce stay.
    </RemoveDialog>
  );
}
