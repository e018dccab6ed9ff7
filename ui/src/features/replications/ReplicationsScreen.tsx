/** The replications: what goes where, how it stands, and what waits. */
import { Button, Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Replications.module.css';
import { orgWords, plural, replicationWords, runWords } from './words';

export function ReplicationsScreen() {
  const list = useAsk('replications.list', {});
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setAdding(true)}>
      New replication
    </Button>
  );
  return (
    <Page
      title="Replications"
      about="Which contacts go into which org, and as what"
      actions={list.data?.length ? add : undefined}
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.length === 0 && (
        <Empty title="No replication yet" action={add}>
          A replication says which contacts go into Salesforce, as leads or contacts, and which field goes
          where.
        </Empty>
      )}
      {list.data && list.data.length > 0 && <List replications={list.data} />}
      <NewReplication opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function List({ replications }: { replications: readonly ReplicationInfo[] }) {
  return (
    <Table
      label="Replications"
      heads={[
        { name: 'Name' },
        { name: 'Goes to' },
        { name: 'State' },
        { name: 'Selected', number: true },
        { name: 'Waiting', number: true },
        { name: 'Blocked', number: true },
        { name: 'Last run' },
      ]}
    >
      {replications.map((one) => (
        <Line key={one.name} replication={one} />
      ))}
    </Table>
  );
}

function Line({ replication: { name, object, connection, standing } }: { replication: ReplicationInfo }) {
  const { word, tone } = replicationWords[standing.state];
  const { last_run: last } = standing;
  return (
    <tr>
      <td>
        <Link to="/replications/$name" params={{ name }} className={classes.name}>
          {name}
        </Link>
      </td>
      <td>
        {plural(object)}
        {connection ? ` in ${connection}` : ', no connection yet'}
        {standing.org_kind && <span className={classes.quiet}> ({orgWords[standing.org_kind]})</span>}
      </td>
      <td>
        <Chip tone={tone} bare={tone === 'done'}>
          {word}
        </Chip>
      </td>
      <NumberCell>{count(standing.selected)}</NumberCell>
      <NumberCell>{count(standing.waiting)}</NumberCell>
      <NumberCell>
        {standing.blocked > 0 ? <span className={classes.fail}>{count(standing.blocked)}</span> : '0'}
      </NumberCell>
      <td>
        {last ? (
          <>
            {runWords[last.state].word} <Ago at={last.ended_at ?? last.started_at} />
          </>
        ) : (
          <span className={classes.quiet}>Not run yet</span>
        )}
      </td>
    </tr>
  );
}

function NewReplication({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const add = useDo('replications.add');
  const connections = useAsk('connections.list', {}, { enabled: opened }).data ?? [];
  const scores = useAsk('scores.list', {}, { enabled: opened }).data ?? [];
  const [name, setName] = useState('');
  const [object, setObject] = useState('Lead');
  const [connection, setConnection] = useState<string | null>(null);
  const [score, setScore] = useState<string>('');
  const [minimum, setMinimum] = useState<number | string>(10);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const settings = {
      ...(connection ? { connection } : {}),
      ...(score ? { score, minimum: Number(minimum) } : {}),
    };
    add.mutate(
      { name: name.trim(), object, settings },
      {
        onSuccess: (made) => {
          onClose();
          setName('');
          void navigate({ to: '/replications/$name/$tab', params: { name: made.name, tab: 'mapping' } });
        },
      },
    );
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New replication" size={460}>
      <form onSubmit={save}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            data-autofocus
            required
            withAsterisk={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="The contacts become"
            data={[
              { value: 'Lead', label: 'Leads' },
              { value: 'Contact', label: 'Contacts' },
            ]}
            value={object}
            onChange={(value) => value && setObject(value)}
          />
          <Select
            label="In"
            description="Can be chosen later; the mapping works without an org, too."
            placeholder="No connection yet"
            clearable
            data={connections.map((one) => one.name)}
            value={connection}
            onChange={setConnection}
          />
          <Select
            label="Who goes"
            data={[
              { value: '', label: 'All contacts' },
              ...scores.map((one) => ({ value: one.name, label: `Those with enough points in ${one.name}` })),
            ]}
            value={score}
            onChange={(value) => setScore(value ?? '')}
          />
          {score && (
            <NumberInput
              label="Points at least"
              min={0}
              value={minimum}
              onChange={setMinimum}
              allowDecimal={false}
            />
          )}
          {add.error && <Trouble error={add.error} />}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={!name.trim()}>
              Add the replication
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}
