/** The replications: what each sends where, its state, and what waits. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { useAdding } from '../../components/useAdding';
import type { ReplicationInfo } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { replicationWords } from '../../words/replications';
import { NewReplication } from './NewReplication';
import classes from './Replications.module.css';
import { stepWords } from './SetUpSteps';
import { orgWords, plural, runWords } from './words';

export function ReplicationsScreen() {
  const list = useAsk('replications.list', {});
  const [adding, setAdding] = useAdding('/replications');
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setAdding(true)}>
      New replication
    </Button>
  );
  return (
    <Page
      title="Replications"
      about="The contacts you send to Salesforce, and where they go"
      actions={list.data?.length ? add : undefined}
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.length === 0 && (
        <Empty title="No replications yet" action={add}>
          A replication sends the contacts you choose to Salesforce as leads or contacts, and keeps them up to
          date.
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
        { name: 'Sends' },
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
        <Link to="/replications/$name" params={{ name }} className={classes.name} data-listed>
          {name}
        </Link>
      </td>
      <td>
        {plural(object)}
        {connection ? ` to ${connection}` : ', no connection yet'}
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
        {last && (
          <>
            {runWords[last.state].word} <Ago at={last.ended_at ?? last.started_at} />
          </>
        )}
        {!last && standing.set_up_at && (
          <>
            <span className={classes.quiet}>Draft, {stepWords(standing.set_up_at)}.</span>{' '}
            <Link to="/replications/$name" params={{ name }} aria-label={`Continue setup of ${name}`}>
              Continue setup
            </Link>
          </>
        )}
        {!last && !standing.set_up_at && <span className={classes.quiet}>Not run yet</span>}
      </td>
    </tr>
  );
}
