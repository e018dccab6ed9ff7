/** Copying a replication to another connection, and removing one. */
import { Button, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { counted } from '../../components/numbers';
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
    <Modal opened={opened} onClose={onClose} title={`Use ${replication.name} in another org`} size={460}>
      {opened && others.length === 0 ? (
        <Stack gap="sm">
          <p>
            There is no other connection yet. Connect the org first; then everything but the links is copied
            to it.
          </p>
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
            Who goes, mapping and settings are copied. Links and the queue are not: they belong to the org.
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
    </Modal>
  );
}

export function RemoveDialog({ replication: { name, standing }, opened, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useDo('replications.remove');
  return (
    <Modal opened={opened} onClose={onClose} title={`Remove ${name}`} size={460}>
      <p>
        Its mapping, its queue and the history of {counted(standing.runs, 'run')} are removed for good.
        Contacts, links and the records in Salesforce stay.
      </p>
      {remove.error && <Trouble error={remove.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>
          Keep it
        </Button>
        <Button
          color="red"
          loading={remove.isPending}
          onClick={() => remove.mutate({ name }, { onSuccess: () => void navigate({ to: '/replications' }) })}
        >
          Remove {name}
        </Button>
      </div>
    </Modal>
  );
}
