/** One pull: what it reads, its tables, and what each run brought. */
import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { PullDetails, PullRun } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { ConflictsCard } from './ConflictsCard';
import { InboundCard } from './InboundCard';
import classes from './Pulls.module.css';
import { ScheduleCard } from './ScheduleCard';
import { SchemaCard } from './SchemaCard';
import { runWords } from './words';

const parent = { title: 'Pulls', to: '/pulls' };

export function PullScreen() {
  const { name } = useParams({ strict: false }) as { name: string };
  const pull = useAsk('pulls.show', { name });
  if (!pull.data) {
    return (
      <Page title={name} parent={parent}>
        {pull.isError ? <Trouble error={pull.error} retry={() => void pull.refetch()} /> : <Rows />}
      </Page>
    );
  }
  return <Pull key={name} pull={pull.data} />;
}

function Pull({ pull }: { pull: PullDetails }) {
  const navigate = useNavigate();
  const [removing, setRemoving] = useState(false);
  const run = useDo('pulls.run');
  const remove = useDo('pulls.remove');
  const start = () =>
    run.mutate(
      { name: pull.name },
      { onSuccess: ({ calls }) => say(`${pull.name} finished with ${counted(calls, 'API call')}.`) },
    );
  return (
    <Page
      title={pull.name}
      parent={parent}
      about={`From ${pull.connection}`}
      actions={
        <>
          <Button variant="default" onClick={() => setRemoving(true)}>
            Remove
          </Button>
          <Button loading={run.isPending} onClick={start}>
            Run now
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        {run.error && <Trouble error={run.error} retry={start} focus />}
        <ConflictsCard connection={pull.connection} />
        <Card title="Objects" about="Select an object to see its records in this workspace.">
          <Table
            label="Objects"
            heads={[
              { name: 'Object' },
              { name: 'Fields' },
              { name: 'Filter' },
              { name: 'Records', number: true },
              { name: 'State' },
            ]}
          >
            {pull.objects.map(({ object, columns, filter, records, under_way }) => (
              <tr key={object}>
                <td>
                  <Link
                    to="/pulls/$name/$object"
                    params={{ name: pull.name, object }}
                    className={classes.name}
                  >
                    {object}
                  </Link>
                </td>
                <td>{columns === null ? 'Usual fields' : counted(columns, 'field')}</td>
                <td>{filter ? counted(filter.criteria.length, 'condition') : 'All records'}</td>
                <NumberCell>{count(records)}</NumberCell>
                <td>
                  {under_way ? (
                    <Chip tone="look">Interrupted, the next run continues</Chip>
                  ) : (
                    <Chip tone={columns === null ? 'idle' : 'done'} bare>
                      {columns === null ? 'Not read yet' : 'Complete'}
                    </Chip>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        </Card>
        <InboundCard pull={pull.name} />
        <ScheduleCard pull={pull} />
        <SchemaCard pull={pull.name} />
        <Runs runs={pull.runs} />
      </div>
      {removing && (
        <RemoveDialog
          name={pull.name}
          act="Remove pull"
          busy={remove.isPending}
          error={remove.error}
          onRemove={() =>
            remove.mutate({ name: pull.name }, { onSuccess: () => void navigate({ to: '/pulls' }) })
          }
          onClose={() => setRemoving(false)}
        >
          This removes the pull and its history. The records it has read stay in this workspace, and nothing
          changes in Salesforce.
        </RemoveDialog>
      )}
    </Page>
  );
}

function Runs({ runs }: { runs: readonly PullRun[] }) {
  if (runs.length === 0) {
    return (
      <Card title="Runs">
        <p className={classes.quiet}>No runs yet. The first run reads every record.</p>
      </Card>
    );
  }
  const notes =
    runs[0]?.objects.flatMap(({ object, notes }) => notes.map((note) => `${object}: ${note}`)) ?? [];
  return (
    <Card title="Runs">
      <Table
        label="Runs"
        heads={[
          { name: 'Run' },
          { name: 'Read', number: true },
          { name: 'New', number: true },
          { name: 'Changed', number: true },
          { name: 'Deleted', number: true },
          { name: 'No longer returned', number: true },
          { name: 'API calls', number: true },
        ]}
      >
        {runs.map((run) => (
          <Run key={run.id} run={run} />
        ))}
      </Table>
      {notes.length > 0 && (
        <ul className={classes.notes} aria-label="Notes on the last run">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Run({ run }: { run: PullRun }) {
  const { word, tone } = runWords[run.state];
  const sum = (of: (object: PullRun['objects'][number]) => number) =>
    count(run.objects.reduce((total, object) => total + of(object), 0));
  return (
    <tr>
      <td title={run.reason ?? undefined}>
        <Chip tone={tone} bare={tone === 'done'}>
          {word}
        </Chip>{' '}
        <Ago at={run.ended_at ?? run.started_at} />
      </td>
      <NumberCell>{sum((object) => object.read)}</NumberCell>
      <NumberCell>{sum((object) => object.new)}</NumberCell>
      <NumberCell>{sum((object) => object.changed)}</NumberCell>
      <NumberCell>{sum((object) => object.deleted)}</NumberCell>
      <NumberCell>{sum((object) => object.gone)}</NumberCell>
      <NumberCell>{count(run.calls)}</NumberCell>
    </tr>
  );
}
