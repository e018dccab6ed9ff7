/** The scores: how many rules each has, and when its points were counted. */
import { Button, Modal, Stack, Textarea, TextInput } from '@mantine/core';
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
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Scores.module.css';

export function ScoresScreen() {
  const list = useAsk('scores.list', {});
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setAdding(true)}>
      New score
    </Button>
  );
  return (
    <Page
      title="Scores"
      about="Rules whose points add up, contact by contact"
      actions={list.data?.length ? add : undefined}
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.length === 0 && (
        <Empty title="No score yet" action={add}>
          A score gives points for what is known of a contact. A replication can then take only those with
          enough points.
        </Empty>
      )}
      {list.data && list.data.length > 0 && (
        <Table
          label="Scores"
          heads={[
            { name: 'Name' },
            { name: 'What it is for' },
            { name: 'Rules', number: true },
            { name: 'Counted' },
          ]}
        >
          {list.data.map((score) => (
            <tr key={score.name}>
              <td>
                <Link to="/scores/$name" params={{ name: score.name }} className={classes.name}>
                  {score.name}
                </Link>{' '}
                {!score.enabled && <Chip tone="idle">Off</Chip>}
              </td>
              <td>{score.description}</td>
              <NumberCell>{count(score.rules)}</NumberCell>
              <td>
                {score.calculated_at ? <Ago at={Date.parse(score.calculated_at)} /> : 'Not counted yet'}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <NewScore opened={adding} onClose={() => setAdding(false)} />
    </Page>
  );
}

function NewScore({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const add = useDo('scores.add');
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const save = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { name: name.trim(), description: description.trim(), rules: [] },
      { onSuccess: (made) => void navigate({ to: '/scores/$name', params: { name: made.name } }) },
    );
  };
  return (
    <Modal opened={opened} onClose={onClose} title="New score" size={460}>
      <form onSubmit={save}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="What it is for"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {add.error && <Trouble error={add.error} />}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={!name.trim()}>
              Add the score
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
  );
}
