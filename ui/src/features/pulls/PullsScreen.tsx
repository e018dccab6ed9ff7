/** The pulls: what each reads from Salesforce, and when it last did. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { PullDetails } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Pulls.module.css';
import { runWords } from './words';

export function PullsScreen() {
  const navigate = useNavigate();
  const list = useAsk('pulls.list', {});
  const add = (
    <Button
      leftSection={<IconPlus size={16} stroke={1.75} />}
      onClick={() => void navigate({ to: '/new-pull' })}
    >
      New pull
    </Button>
  );
  return (
    <Page
      title="Pulls"
      about="Salesforce records read into this workspace"
      actions={
        list.data?.pulls.length ? (
          <>
            <Button variant="default" onClick={() => void navigate({ to: '/find-links' })}>
              Find links…
            </Button>
            {add}
          </>
        ) : undefined
      }
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.pulls.length === 0 && (
        <Empty title="No pulls yet" action={add}>
          A pull copies leads, contacts, accounts and other records from Salesforce into this workspace, and
          keeps the copy up to date. It never changes anything in Salesforce.
        </Empty>
      )}
      {list.data && list.data.pulls.length > 0 && (
        <Table
          label="Pulls"
          heads={[
            { name: 'Name' },
            { name: 'Connection' },
            { name: 'Objects' },
            { name: 'Records', number: true },
            { name: 'Last run' },
            { name: 'Next run' },
          ]}
        >
          {list.data.pulls.map((pull) => (
            <Line key={pull.name} pull={pull} />
          ))}
        </Table>
      )}
    </Page>
  );
}

function Line({ pull }: { pull: PullDetails }) {
  const last = pull.runs[0];
  return (
    <tr>
      <td>
        <Link to="/pulls/$name" params={{ name: pull.name }} className={classes.name}>
          {pull.name}
        </Link>
      </td>
      <td>{pull.connection}</td>
      <td>{pull.objects.map(({ object }) => object).join(', ')}</td>
      <NumberCell>{count(pull.objects.reduce((sum, { records }) => sum + records, 0))}</NumberCell>
      <td>
        {last ? (
          <>
            {runWords[last.state].word} <Ago at={last.ended_at ?? last.started_at} />
          </>
        ) : (
          <span className={classes.quiet}>Not run yet</span>
        )}
      </td>
      <td>
        {pull.next_run_at === null ? (
          <span className={classes.quiet}>{pull.enabled ? 'Manually' : 'Disabled'}</span>
        ) : (
          <Ago at={pull.next_run_at} />
        )}
      </td>
    </tr>
  );
}
