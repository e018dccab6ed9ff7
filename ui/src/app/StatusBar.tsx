/** The bar that is always there: the org, calls left, the queue, and what is running. */
import { ActionIcon, Loader, Progress } from '@mantine/core';
import { IconStack2, IconX } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { clockTime } from '../components/moments';
import { count } from '../components/numbers';
import { type ConnectionInfo, figureNames, type Job, type ReplicationInfo } from '../ipc/bindings';
import { useJobs } from '../ipc/events';
import { useAsk, useDo } from '../ipc/queries';
import { Alerts } from './Alerts';
import { jobTitle, jobUnits } from './jobs';
import { OrgBadge } from './OrgBadge';
import { usePart } from './progress';
import classes from './StatusBar.module.css';
import { useOnline } from './useOnline';
import { useQueueFigures } from './useQueueFigures';

export function StatusBar() {
  const workspace = useAsk('workspaces.current', {});
  const open = Boolean(workspace.data);
  const connections = useAsk('connections.list', {}, { enabled: open });
  const replications = useAsk('replications.list', {}, { enabled: open }).data ?? [];
  const { name } = useParams({ strict: false }) as { name?: string };
  const online = useOnline();
  const connection = shownConnection(connections.data ?? [], replications, name);
  // Until the answer is there, nothing is said: “No Salesforce connected” would be wrong for a moment.
  const isKnown = open ? !connections.isPending : !workspace.isPending;
  const jobs = useJobs();
  return (
    <footer className={classes.bar}>
      {isKnown ? (
        <OrgBadge connection={connection} online={online} />
      ) : (
        <div className={`${classes.org} ${classes.offline}`} />
      )}
      {isKnown ? <Calls connection={connection} /> : <div className={classes.cell} />}
      <Queue />
      <Alerts open={open} />
      <div className={classes.space} />
      <Running jobs={jobs} />
    </footer>
  );
}

/** Returns the connection of the replication on the screen, else the one signed in to last. */
function shownConnection(
  connections: readonly ConnectionInfo[],
  replications: readonly ReplicationInfo[],
  name: string | undefined,
): ConnectionInfo | undefined {
  const used = replications.find((replication) => replication.name === name)?.connection ?? name;
  const latest = [...connections].sort(
    (one, other) => (other.signed_in_at ?? 0) - (one.signed_in_at ?? 0),
  )[0];
  return connections.find((connection) => connection.name === used) ?? latest;
}

function Calls({ connection }: { connection: ConnectionInfo | undefined }) {
  const budget = connection?.budget;
  if (!budget) return <div className={classes.cell}>No API calls used</div>;
  return (
    <div className={classes.cell}>
      <Progress
        className={classes.meter}
        value={(100 * budget.room) / Math.max(1, budget.max)}
        w={54}
        aria-label="API calls left"
      />
      <span className="num">
        {count(budget.room)}
        <span className={classes.rest}> of {count(budget.max)}</span> calls left
        {budget.lasts_until !== null && (
          <span title="At the rate of the last hour"> · enough until {clockTime(budget.lasts_until)}</span>
        )}
      </span>
    </div>
  );
}

function Queue() {
  const figures = useQueueFigures();
  return (
    <div className={classes.cell}>
      <IconStack2 size={14} stroke={1.75} aria-hidden />
      {figures && (
        <span className="num">
          {figureNames.waiting} {count(figures.waiting)}
          {figures.blocked > 0 && ` · ${figureNames.blocked} ${count(figures.blocked)}`}
        </span>
      )}
    </div>
  );
}

function Running({ jobs }: { jobs: readonly Job[] }) {
  const cancel = useDo('jobs.cancel');
  const spoken = useSpoken(jobs);
  const job = jobs[0];
  const part = usePart(job);
  return (
    <div className={classes.job}>
      <span className="visually-hidden" role="status">
        {spoken}
      </span>
      {job ? (
        <>
          <span className={classes.title}>{jobTitle(job)}</span>
          {part === null ? (
            <span className={classes.unknown}>
              <Loader size={14} type="dots" aria-label={jobTitle(job)} />
            </span>
          ) : (
            <Progress value={100 * part} w={96} aria-label={jobTitle(job)} />
          )}
          <span className="num">{job.cancelling ? 'Canceling' : jobUnits(job)}</span>
          {jobs.length > 1 && <span>and {jobs.length - 1} more</span>}
          <ActionIcon
            size={20}
            aria-label={`Cancel: ${jobTitle(job)}`}
            disabled={job.cancelling}
            onClick={() => cancel.mutate({ id: job.id })}
          >
            <IconX size={14} stroke={2} />
          </ActionIcon>
        </>
      ) : (
        <span className={classes.rest}>Nothing running</span>
      )}
    </div>
  );
}

/** Returns what is said about the running job: at its start, every tenth, and at its end. */
function useSpoken(jobs: readonly Job[]): string {
  const [last, setLast] = useState<{ id: string; title: string; tenth: number } | null>(null);
  const [text, setText] = useState('');
  const job = jobs[0];
  useEffect(() => {
    if (!job) {
      // How it went is said where it was begun: here nothing tells a job that has failed from one that is done.
      if (last) setText(`${last.title}: no longer running`);
      setLast(null);
      return;
    }
    const tenth = job.total === 0 ? 0 : Math.floor((10 * job.done) / job.total);
    if (last?.id === job.id && last.tenth === tenth) return;
    setLast({ id: job.id, title: jobTitle(job), tenth });
    setText(`${jobTitle(job)}: ${tenth * 10} %`);
  }, [job, last]);
  return text;
}
