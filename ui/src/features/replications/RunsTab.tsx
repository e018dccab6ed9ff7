/** The runs of a replication, the latest first; and the one in progress. */
import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { lasting } from '../../components/moments';
import { NameButton } from '../../components/NameButton';
import { count } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { HostError, ReplicationInfo, RunInfo } from '../../ipc/bindings';
import { useJobs } from '../../ipc/events';
import { useAsk, useDo } from '../../ipc/queries';
import { Progress } from './Progress';
import { runWord } from './words';

type Props = { replication: ReplicationInfo; onOpen: (run: number) => void; failed: HostError | null };

const PAGE = 50;

export function RunsTab({ replication: { name }, onOpen, failed }: Props) {
  const [limit, setLimit] = useState(PAGE);
  const job = useJobs().find((one) => one.kind === 'run' && one.title === name);
  const runs = useAsk('runs.list', { replication: name, limit }, { keep: true, everyMs: job ? 700 : false });
  const cancel = useDo('jobs.cancel');
  if (runs.isError) return <Trouble error={runs.error} retry={() => void runs.refetch()} />;
  if (runs.isPending) return <Rows />;
  const running = job ? runs.data.find((run) => run.state === 'running' && run.undoes === null) : undefined;
  return (
    <>
      {failed && <Trouble error={failed} />}
      {running && (
        <Progress
          run={running}
          job={job}
          action={
            <Button
              variant="default"
              leftSection={<IconX size={16} stroke={1.75} />}
              disabled={job?.cancelling}
              onClick={() => job && cancel.mutate({ id: job.id })}
            >
              {job?.cancelling ? 'Canceling' : 'Cancel run'}
            </Button>
          }
        />
      )}
      {runs.data.length === 0 ? (
        <Empty title={job ? 'The run is starting' : 'No runs yet'}>
          Each run is kept here with what it sent and how Salesforce answered.
        </Empty>
      ) : (
        <Table
          label="Runs"
          heads={[
            { name: 'Run' },
            { name: 'State' },
            { name: 'Started' },
            { name: 'Duration', number: true },
            { name: 'Created', number: true },
            { name: 'Updated', number: true },
            { name: 'Blocked', number: true },
            { name: 'API calls', number: true },
          ]}
        >
          {runs.data.map((run) => (
            <Line key={run.id} run={run} onOpen={() => onOpen(run.id)} />
          ))}
        </Table>
      )}
      {runs.data.length === limit && (
        <Button variant="subtle" size="xs" mt="sm" onClick={() => setLimit(limit + PAGE)}>
          Show more
        </Button>
      )}
    </>
  );
}

function Line({ run, onOpen }: { run: RunInfo; onOpen: () => void }) {
  const { word, tone } = runWord(run);
  return (
    <tr>
      <td>
        <NameButton onOpen={onOpen}>Run {run.id}</NameButton>
        {run.undoes !== null && <span> undoes run {run.undoes}</span>}
      </td>
      <td>
        <Chip tone={tone} bare={tone === 'done'}>
          {word}
        </Chip>
      </td>
      <td>
        <Ago at={run.started_at} />
      </td>
      <NumberCell>{run.ended_at ? lasting(run.ended_at - run.started_at) : ''}</NumberCell>
      <NumberCell>{run.undoes === null ? count(run.created) : `${count(run.deleted)} deleted`}</NumberCell>
      <NumberCell>{run.undoes === null ? count(run.updated) : `${count(run.restored)} restored`}</NumberCell>
      <NumberCell>{count(run.figures.blocked)}</NumberCell>
      <NumberCell>{count(run.calls)}</NumberCell>
    </tr>
  );
}
