/** One pull: what it reads, its tables, and what each run brought. */
import { Button } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
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
import { MoveDialog } from './MoveDialog';
import { ObjectsCard } from './ObjectsCard';
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
  const [moving, setMoving] = useState(false);
  const connections = useAsk('connections.list', {}).data ?? [];
  const others = connections.map((one) => one.name).filter((name) => name !== pull.connection);
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
          {others.length > 0 && (
            <Button variant="default" onClick={() => setMoving(true)}>
              Change connection…
            </Button>
          )}
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
        <ObjectsCard pull={pull} />
        <InboundCard pull={pull.name} />
        <ScheduleCard pull={pull} />
        <SchemaCard pull={pull.name} />
        <Runs runs={pull.runs} />
      </div>
      {moving && <MoveDialog pull={pull} others={others} onClose={() => setMoving(false)} />}
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
    </Card>
  );
}

function Run({ run }: { run: PullRun }) {
  const { word, tone } = runWords[run.state];
  const sum = (of: (object: PullRun['objects'][number]) => number) =>
    count(run.objects.reduce((total, object) => total + of(object), 0));
  const notes = run.objects.flatMap(({ object, notes }) => notes.map((note) => `${object}: ${note}`));
  return (
    <tr>
      <td>
        <Chip tone={tone} bare={tone === 'done'}>
          {word}
        </Chip>{' '}
        <Ago at={run.ended_at ?? run.started_at} />
        {run.reason && <div className={classes.quiet}>{run.reason}</div>}
        {notes.map((note) => (
          <div key={note} className={classes.quiet}>
            {note}
          </div>
        ))}
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
