/** One run: how far it is or was, and its contacts: created, updated, blocked, unchanged. The same page is the record. */
import { Button } from '@mantine/core';
import { IconArrowLeft, IconX } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { Panel } from '../../components/Panel';
import { Rows } from '../../components/Rows';
import { Split } from '../../components/Split';
import { Tabs } from '../../components/Tabs';
import { sentence, Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { Job, ReplicationInfo, RunCard, RunContact } from '../../ipc/bindings';
import { useJobs } from '../../ipc/events';
import { useAsk, useDo } from '../../ipc/queries';
import { BulkJobs } from './BulkJobs';
import { Causes } from './Causes';
import { Cures } from './Cures';
import { Progress } from './Progress';
import classes from './Run.module.css';
import type { Wish } from './RunButton';
import { RunChecked } from './RunChecked';
import { RunContacts } from './RunContacts';
import { ContactName, SentValues } from './SentValues';
import { UndoButton } from './UndoDialog';
import { UndoneRecords } from './UndoneRecords';
import { runWord, waitsForCalls } from './words';

type Props = { id: number; replication: ReplicationInfo; onRun: (wish: Wish) => void };

/** Whose details stand beside the list. */
type Opened = { contact: string; name: string; sent?: RunContact };

export function RunPage({ id, replication, onRun }: Props) {
  const { name } = replication;
  const job = useJobs().find((one) => one.kind === 'run' && one.title === name);
  const shown = useAsk(
    'runs.show',
    { run: id, refused: true, limit: 0 },
    { keep: true, everyMs: job ? 700 : false },
  );
  const [opened, setOpened] = useState<Opened | null>(null);
  if (shown.isError) return <Trouble error={shown.error} retry={() => void shown.refetch()} />;
  if (shown.isPending) return <Rows />;
  const run = shown.data;
  return (
    <Split panel={opened && <Details opened={opened} replication={name} onClose={() => setOpened(null)} />}>
      <div className={classes.page}>
        <Head run={run} replication={replication} job={run.state === 'running' ? job : undefined} />
        {run.reason && (
          <div className={classes.stopped} role="status">
            {run.stop_kind === 'limit' && !waitsForCalls(run) ? (
              <strong>This run stopped because too few API calls were left.</strong>
            ) : (
              <>
                <strong>{sentence(run.reason)}</strong> {run.cure && sentence(run.cure)}
              </>
            )}
          </div>
        )}
        {run.undoes === null ? (
          <>
            <Progress run={run} job={job} />
            <BulkJobs jobs={run.jobs} />
            <RunChecked key={run.id} run={run} replication={replication} onContinue={() => onRun({})} />
            <Parts run={run} replication={name} opened={opened} onOpen={setOpened} />
          </>
        ) : (
          <Undoing undone={run.undoes} />
        )}
      </div>
    </Split>
  );
}

/** What a run has undone of another one. */
function Undoing({ undone }: { undone: number }) {
  const plan = useAsk('runs.undo_plan', { run: undone });
  if (plan.isError) return <Trouble error={plan.error} retry={() => void plan.refetch()} />;
  if (plan.isPending) return <Rows />;
  return <UndoneRecords plan={plan.data} />;
}

type HeadProps = { run: RunCard; replication: ReplicationInfo; job: Job | undefined };

function Head({ run, replication, job }: HeadProps) {
  const navigate = useNavigate();
  const cancel = useDo('jobs.cancel');
  const open = (id: number) =>
    void navigate({
      to: '/replications/$name/$tab',
      params: { name: replication.name, tab: 'runs' },
      search: { run: id },
    });
  const { word, tone } = runWord(run);
  return (
    <div className={classes.head}>
      <Link
        to="/replications/$name/$tab"
        params={{ name: replication.name, tab: 'runs' }}
        className={classes.back}
      >
        <IconArrowLeft size={14} stroke={1.75} aria-hidden /> All runs
      </Link>
      <h2 className={classes.title}>
        Run {run.id}
        {run.undoes !== null && `, undoes run ${run.undoes}`}
      </h2>
      <Chip tone={tone}>{word}</Chip>
      <span className={classes.quiet}>
        Started <Ago at={run.started_at} />
        {run.connection_name && <> on {visible(run.connection_name)}</>}
      </span>
      {job && (
        <Button
          className={classes.right}
          variant="default"
          leftSection={<IconX size={16} stroke={1.75} />}
          disabled={job.cancelling}
          onClick={() => cancel.mutate({ id: job.id })}
        >
          {job.cancelling ? 'Canceling' : 'Cancel run'}
        </Button>
      )}
      {!job && <UndoButton run={run} replication={replication} onUndone={open} />}
    </div>
  );
}

type PartsProps = {
  run: RunCard;
  replication: string;
  opened: Opened | null;
  onOpen: (opened: Opened) => void;
};

function Parts({ run, replication, opened, onOpen }: PartsProps) {
  const { created, updated, blocked, unchanged } = run.figures;
  const parts = [
    { id: 'created', name: 'Created', count: created },
    { id: 'updated', name: 'Updated', count: updated },
    { id: 'blocked', name: 'Blocked', count: blocked, stops: true },
    { id: 'unchanged', name: 'Unchanged', count: unchanged },
  ] as const;
  const [chosen, setChosen] = useState<string | null>(null);
  // What needs somebody comes first, then what was done.
  const usual = blocked > 0 ? 'blocked' : (parts.find(({ count }) => count > 0)?.id ?? 'created');
  const part = parts.find(({ id }) => id === (chosen ?? usual)) ?? parts[0];
  const open = opened?.contact ?? null;
  return (
    <section aria-label="Contacts of this run">
      <Tabs label="Contacts of this run" tabs={parts} open={part.id} onOpen={setChosen} />
      <div className={classes.part}>
        {part.id === 'blocked' ? (
          <Causes
            run={run}
            replication={replication}
            open={open}
            onOpen={(line) => onOpen({ contact: line.contact, name: line.name })}
          />
        ) : (
          <RunContacts
            key={part.id}
            id={run.id}
            part={part.id}
            total={part.count}
            open={open}
            onOpen={(sent) => onOpen({ contact: sent.contact, name: sent.name, sent })}
          />
        )}
      </div>
    </section>
  );
}

type DetailsProps = { opened: Opened; replication: string; onClose: () => void };

function Details({ opened: { contact, name, sent }, replication, onClose }: DetailsProps) {
  return (
    <Panel label={name} head={<ContactName contact={contact} name={name} />} onClose={onClose}>
      {sent ? (
        <SentValues contact={sent} />
      ) : (
        <Cures
          replication={replication}
          contact={contact}
          code={null}
          message="This contact no longer needs your action"
        />
      )}
    </Panel>
  );
}
