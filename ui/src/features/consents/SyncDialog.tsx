/** Makes a consent sync, or changes its settings. */
import { Select, Stack, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { RequiredNote } from '../../components/RequiredNote';
import { Trouble } from '../../components/Trouble';
import { useAskedObject } from '../../components/useAdding';
import type { ConsentSyncInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';

/** Proposed for records that lack one, and changed by whoever writes something else. */
const NOT_PROVIDED = '[not provided]';

const schedules = [
  { value: 'manual', label: 'Manually' },
  { value: 'on change', label: 'When something changes' },
  { value: 'every 15 minutes', label: 'Every 15 minutes' },
  { value: 'every 60 minutes', label: 'Every hour' },
];

type Props = { sync?: ConsentSyncInfo; onClose: () => void; onSaved: (name: string) => void };

export function SyncDialog({ sync, onClose, onSaved }: Props) {
  const add = useDo('consent_syncs.add');
  const set = useDo('consent_syncs.set');
  const connections = useAsk('connections.list', {}).data ?? [];
  const only = connections.length === 1 ? (connections[0]?.name ?? null) : null;
  const [name, setName] = useState(sync?.name ?? '');
  const asked = useAskedObject();
  const [object, setObject] = useState<string>(sync?.object ?? asked);
  const [chosen, setChosen] = useState<string | null | undefined>(sync ? sync.connection : undefined);
  const connection = chosen === undefined ? only : chosen;
  const [upsert, setUpsert] = useState(sync?.upsert ?? false);
  const [lastName, setLastName] = useState(sync?.default_last_name ?? NOT_PROVIDED);
  const [company, setCompany] = useState(sync?.default_company ?? NOT_PROVIDED);
  const [schedule, setSchedule] = useState(sync?.schedule ?? 'manual');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const settings = {
      name: name.trim(),
      connection: connection ?? '',
      upsert,
      schedule,
      ...(upsert ? { default_last_name: lastName, default_company: object === 'Lead' ? company : '' } : {}),
    };
    const done = {
      onSuccess: (saved: ConsentSyncInfo) => {
        onSaved(saved.name);
        onClose();
      },
    };
    if (sync) set.mutate({ name: sync.name, settings }, done);
    else add.mutate({ name: name.trim(), object, settings }, done);
  };
  const error = add.error ?? set.error;
  const known = schedules.some((one) => one.value === schedule);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={sync ? `Settings of ${sync.name}` : 'New consent sync'}
      size={460}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            label="Name"
            withAsterisk
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {!sync && (
            <Select
              label="Send consent to"
              withAsterisk
              data={[
                { value: 'Lead', label: 'Leads' },
                { value: 'Contact', label: 'Contacts' },
              ]}
              allowDeselect={false}
              value={object}
              onChange={(value) => value && setObject(value)}
            />
          )}
          <Select
            label="Connection"
            placeholder="No connection yet"
            description={
              connections.length > 0
                ? 'Any connection will do, including one that replications use.'
                : 'You can choose one later. To add one, open Connections.'
            }
            clearable
            data={connections.map((one) => one.name)}
            value={connection}
            onChange={setChosen}
          />
          <Select
            label="Runs"
            allowDeselect={false}
            data={known ? schedules : [...schedules, { value: schedule, label: schedule }]}
            value={schedule}
            onChange={(value) => value && setSchedule(value)}
          />
          <Switch
            label="Create records for people without one"
            description={
              upsert ? undefined : 'Off: their consent waits until Salesforce has a record with their email.'
            }
            checked={upsert}
            onChange={(event) => setUpsert(event.currentTarget.checked)}
          />
          {upsert && (
            <TextInput
              label="Default last name"
              withAsterisk
              description="Contacts without a last name get this."
              value={lastName}
              onChange={(event) => setLastName(event.currentTarget.value)}
            />
          )}
          {upsert && object === 'Lead' && (
            <TextInput
              label="Default company"
              withAsterisk
              description="Contacts without a company get this."
              value={company}
              onChange={(event) => setCompany(event.currentTarget.value)}
            />
          )}
          {error && <Trouble error={error} />}
          <RequiredNote />
          <DialogButtons
            onCancel={onClose}
            busy={add.isPending || set.isPending}
            disabled={!name.trim() && 'Enter a name'}
          >
            {sync ? 'Save settings' : 'Create consent sync'}
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
