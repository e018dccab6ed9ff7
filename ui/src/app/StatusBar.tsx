/** The bar that is always there: the org, calls left, the queue, and what is running. */
import { ActionIcon, Progress } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCloudOff,
  IconFlask,
  IconSchool,
  IconStack2,
  IconX,
} from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ago } from '../components/moments';
import { count } from '../components/numbers';
import type { Connection, Job, ReplicationInfo } from '../ipc/bindings';
import { useJobs } from '../ipc/events';
import { useAsk, useDo } from '../ipc/queries';
import { Alerts } from './Alerts';
import { jobTitle, jobUnits } from './jobs';
import classes from './StatusBar.module.css';
import { useOnline } from './useOnline';

export function StatusBar() {
  const open = Boolean(useAsk('workspaces.current', {}).data);
  const connections = useAsk('connections.list', {}, { enabled: open }).data ?? [];
  const replications = useAsk('replications.list', {}, { enabled: open }).data ?? [];
  const { name } = useParams({ strict: false }) as { name?: string };
  const online = useOnline();
  const connection = shownConnection(connections, replications, name);
  const jobs = useJobs();
  return (
    <footer className={classes.bar}>
      <Org connection={connection} online={online} />
      <Calls connection={connection} />
      <div className={classes.cell}>
        <IconStack2 size={14} stroke={1.75} aria-hidden />
        <span className="num">Queue {count(replications.reduce((sum, one) => sum + one.queued, 0))}</span>
      </div>
      <Alerts open={open} />
      <div className={classes.space} />
      <Running jobs={jobs} />
    </footer>
  );
}

/** Returns the connection of the replication on the screen, else the one signed in to last. */
function shownConnection(
  connections: readonly Connection[],
  replications: readonly ReplicationInfo[],
  name: string | undefined,
): Connection | undefined {
  const used = replications.find((replication) => replication.name === name)?.connection ?? name;
  const latest = [...connections].sort(
    (one, other) => (other.signed_in_at ?? 0) - (one.signed_in_at ?? 0),
  )[0];
  return connections.find((connection) => connection.name === used) ?? latest;
}

function Org({ connection, online }: { connection: Connection | undefined; online: boolean }) {
  if (!connection) return <Block kind="offline" icon={IconCloudOff} text="Offline, no org yet" />;
  const name = connection.org_name ?? connection.name;
  if (connection.flow === 'practice')
    return (
      <Block
        kind="practice"
        icon={IconSchool}
        text={connection.name === 'Practice' ? 'Practice org' : `${connection.name} · Practice`}
      />
    );
  if (!connection.org_id)
    return <Block kind="offline" icon={IconCloudOff} text={`${connection.name} · not signed in`} />;
  if (!online) return <Block kind="offline" icon={IconCloudOff} text={`${name} · Offline`} />;
  if (connection.sandbox) return <Block kind="sandbox" icon={IconFlask} text={`${name} · Sandbox`} />;
  return <Block kind="production" icon={IconAlertTriangle} text={`${name} · Production`} />;
}

type Kind = 'production' | 'sandbox' | 'practice' | 'offline';

function Block({ kind, icon: Icon, text }: { kind: Kind; icon: typeof IconX; text: string }) {
  return (
    <div className={`${classes.org} ${classes[kind]}`} title={text} data-testid="org">
      <Icon size={14} stroke={2} aria-hidden />
      <span>{text}</span>
    </div>
  );
}

function Calls({ connection }: { connection: Connection | undefined }) {
  const allowance = connection?.allowance;
  if (!allowance) return <div className={classes.cell}>No API calls used</div>;
  const left = Math.max(0, allowance.max - allowance.used);
  return (
    <div className={classes.cell} title={`as of ${ago(allowance.seen_at, Date.now())}`}>
      <Progress value={(100 * left) / Math.max(1, allowance.max)} w={54} aria-label="API calls left" />
      <span className="num">
        {count(left)} of {count(allowance.max)} calls left
      </span>
    </div>
  );
}

function Running({ jobs }: { jobs: readonly Job[] }) {
  const cancel = useDo('jobs.cancel');
  const spoken = useSpoken(jobs);
  const job = jobs[0];
  return (
    <div className={classes.job}>
      <span className="visually-hidden" role="status">
        {spoken}
      </span>
      {job ? (
        <>
          <span className={classes.title}>{jobTitle(job)}</span>
          <Progress value={part(job)} w={96} animated={job.total === 0} aria-label={jobTitle(job)} />
          <span className="num">{job.cancelling ? 'Cancelling' : jobUnits(job)}</span>
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
        'Nothing running'
      )}
    </div>
  );
}

function part(job: Job): number {
  return job.total === 0 ? 100 : Math.min(100, (100 * job.done) / job.total);
}

/** Returns what is said about the running job: at its start, every tenth, and at its end. */
function useSpoken(jobs: readonly Job[]): string {
  const [last, setLast] = useState<{ id: string; title: string; tenth: number } | null>(null);
  const [text, setText] = useState('');
  const job = jobs[0];
  useEffect(() => {
    if (!job) {
      if (last) setText(`${last.title}: ended`);
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
