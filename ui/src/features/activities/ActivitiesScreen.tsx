/** Activities: their types, importing them, and those waiting for a contact. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Activities.module.css';
import { ImportCard } from './ImportCard';

const SHOWN = 50;

export function ActivitiesScreen() {
  return (
    <Page title="Activities" about="What your contacts did. Use it in scores and segments.">
      <ImportCard />
      <TypesCard />
      <WaitingCard />
    </Page>
  );
}

function TypesCard() {
  const types = useAsk('activities.types', {});
  const add = useDo('activities.add_type');
  const remove = useDo('activities.remove_type');
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ name, description: '' }, { onSuccess: () => setName('') });
  };
  return (
    <Card title="Activity types" about="For example, a visit, an order or an opened email">
      {types.data && types.data.length > 0 && (
        <Table label="Activity types" heads={[{ name: 'Type' }, { name: 'Remove', hidden: true }]}>
          {types.data.map((type) => (
            <tr key={type.name}>
              <td>{type.name}</td>
              <td>
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Remove ${type.name}`}
                  onClick={() =>
                    remove.mutate(
                      { name: type.name },
                      {
                        onSuccess: () =>
                          offerUndo(`${type.name} removed.`, () =>
                            add.mutate({ name: type.name, description: type.description }),
                          ),
                      },
                    )
                  }
                >
                  Remove
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {types.data?.length === 0 && <p className={classes.quiet}>No activity types yet.</p>}
      {(add.error ?? remove.error) && (
        <Trouble error={(add.error ?? remove.error) as NonNullable<typeof add.error>} />
      )}
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          aria-label="Name of the new activity type"
          placeholder="New activity type"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!name.trim()} loading={add.isPending}>
          Add type
        </Button>
      </form>
    </Card>
  );
}

function WaitingCard() {
  const waiting = useAsk('activities.waiting', { limit: SHOWN });
  if (!waiting.data || waiting.data.total === 0) return null;
  return (
    <Card
      title="Waiting for a contact"
      about={`${counted(waiting.data.total, 'activity', 'activities')}. Leadferry adds them once a contact has the email.`}
    >
      <Table
        label="Waiting activities"
        heads={[{ name: 'Email' }, { name: 'Type' }, { name: 'When' }, { name: 'Title' }]}
      >
        {waiting.data.activities.map((one) => (
          <tr key={one.id}>
            <td>{one.email}</td>
            <td>{one.kind}</td>
            <td>
              <Ago at={one.at} />
            </td>
            <td>{one.title}</td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
