/** The scores: how many rules each has, and when it was calculated. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { NameForm } from '../../components/NameForm';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { useAdding } from '../../components/useAdding';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Scores.module.css';

export function ScoresScreen() {
  const list = useAsk('scores.list', {});
  const [adding, setAdding] = useAdding('/scores');
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setAdding(true)}>
      New score
    </Button>
  );
  return (
    <Page
      title="Scores"
      about="Points for each contact, added up by rules"
      actions={list.data?.length ? add : undefined}
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.length === 0 && (
        <Empty title="No scores yet" action={add}>
          A score gives contacts points for who they are and what they did. A replication can then send only
          contacts with enough points.
        </Empty>
      )}
      {list.data && list.data.length > 0 && (
        <Table
          label="Scores"
          heads={[
            { name: 'Name' },
            { name: 'Description' },
            { name: 'Rules', number: true },
            { name: 'Calculated' },
          ]}
        >
          {list.data.map((score) => (
            <tr key={score.name}>
              <td>
                <Link to="/scores/$name" params={{ name: score.name }} className={classes.name}>
                  {score.name}
                </Link>{' '}
                {!score.enabled && <Chip tone="idle">Disabled</Chip>}
                {score.unread && <Chip tone="fail">Rules can’t be read</Chip>}
                {score.unfit && <Chip tone="fail">Rules can’t be used</Chip>}
              </td>
              <td>{score.description}</td>
              <NumberCell>{count(score.rules)}</NumberCell>
              <td>
                {score.calculated_at ? <Ago at={Date.parse(score.calculated_at)} /> : 'Not calculated yet'}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {adding && <NewScore onClose={() => setAdding(false)} />}
    </Page>
  );
}

function NewScore({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const add = useDo('scores.add');
  return (
    <NameForm
      title="New score"
      act="Add score"
      begun={{ name: '', description: '' }}
      busy={add.isPending}
      error={add.error}
      onDone={(score) =>
        add.mutate(
          { ...score, rules: [] },
          { onSuccess: ({ name }) => void navigate({ to: '/scores/$name', params: { name } }) },
        )
      }
      onClose={onClose}
    />
  );
}
