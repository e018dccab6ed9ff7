/** What contacts did: its types, files of it, and what waits for people who are not here yet. */
import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type { ActivitiesOutcome } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Activities.module.css';

const SHOWN = 50;

export function ActivitiesScreen() {
  return (
    <Page title="Activities" about="What your contacts did; scores and segments can ask for it">
      <ImportCard />
      <TypesCard />
      <WaitingCard />
    </Page>
  );
}

function ImportCard() {
  const pick = useDo('shell.pick_file');
  const run = useDo('activities.import');
  const types = useAsk('activities.types', {}).data ?? [];
  const [kind, setKind] = useState<string | null>(null);
  const [createTypes, setCreateTypes] = useState(true);
  const [again, setAgain] = useState<string | null>(null);
  const bring = (file: string, once_more: boolean) =>
    run.mutate(
      {
        file,
        map: [],
        kind,
        create_types: createTypes,
        dates: null,
        time_zone: null,
        errors_file: null,
        again: once_more,
      },
      {
        onError: (error) => setAgain(error.code === 'already_imported' ? file : null),
        onSuccess: () => setAgain(null),
      },
    );
  const choose = async () => {
    const file = await pick.mutateAsync({ what: 'contacts' });
    if (file) bring(file, false);
  };
  return (
    <Card
      title="Import"
      about="A CSV or XLSX file with a column for the e-mail (or guid), the type and the time; value, url, title and note if it has them."
    >
      <div className={classes.form}>
        <Select
          label="Type of rows that name none"
          clearable
          searchable
          data={types.map((type) => type.name)}
          value={kind}
          onChange={setKind}
        />
        <Checkbox
          label="Add types that are not known"
          checked={createTypes}
          onChange={(event) => setCreateTypes(event.currentTarget.checked)}
        />
        <Button
          leftSection={<IconFileImport size={16} stroke={1.75} />}
          loading={run.isPending}
          onClick={() => void choose().catch(() => {})}
        >
          Choose a file
        </Button>
      </div>
      {run.error && <Trouble error={run.error} focus />}
      {again && (
        <Button mt="xs" variant="default" onClick={() => bring(again, true)}>
          Import it once more
        </Button>
      )}
      {run.data && <Outcome outcome={run.data} />}
    </Card>
  );
}

function Outcome({ outcome }: { outcome: ActivitiesOutcome }) {
  return (
    <div role="status">
      <p>
        {counted(outcome.rows, 'row')}: {count(outcome.added)} of contacts, {count(outcome.waiting)} of people
        who are not here, {count(outcome.faulty)} faulty.
        {outcome.types_created.length > 0 && ` New types: ${outcome.types_created.join(', ')}.`}
        {outcome.columns_ignored.length > 0 && ` Columns left out: ${outcome.columns_ignored.join(', ')}.`}
      </p>
      {outcome.faults.length > 0 && (
        <Table label="Faulty rows" heads={[{ name: 'Line' }, { name: 'Column' }, { name: 'Why' }]}>
          {outcome.faults.map((fault) => (
            <tr key={fault.line}>
              <td className="num">{count(fault.line)}</td>
              <td>{fault.column}</td>
              <td>{fault.reason}</td>
            </tr>
          ))}
        </Table>
      )}
      {outcome.errors_file && (
        <p className={classes.quiet}>
          All faulty rows are in {outcome.errors_file}: mend them there, and import it.
        </p>
      )}
    </div>
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
    <Card title="Types" about="Such as a visit, an order, an opened mail">
      {types.data && types.data.length > 0 && (
        <Table label="Types of activities" heads={[{ name: 'Type' }, { name: 'Remove', hidden: true }]}>
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
                          offerUndo(`${type.name} was removed.`, () =>
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
      {types.data?.length === 0 && <p className={classes.quiet}>There is no type yet.</p>}
      {(add.error ?? remove.error) && (
        <Trouble error={(add.error ?? remove.error) as NonNullable<typeof add.error>} />
      )}
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          aria-label="Name of a new type"
          placeholder="Name of a new type"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!name.trim()} loading={add.isPending}>
          Add the type
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
      title="Waiting"
      about={`${counted(waiting.data.total, 'activity', 'activities')} of people who are not contacts; each is attached as soon as a contact has the e-mail`}
    >
      <Table
        label="Waiting activities"
        heads={[{ name: 'E-mail' }, { name: 'Type' }, { name: 'When' }, { name: 'Title' }]}
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
