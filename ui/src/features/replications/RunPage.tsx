/** One run: how far it is or was, and what was refused, by cause, each with its cure. The same page is the record. */
import { Button } from '@mantine/core';
import { IconArrowLeft, IconChevronDown, IconChevronRight, IconClock, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import type { JsonValue, Refusal, ReplicationInfo, RunCard, RunRow } from '../../ipc/bindings';
import { useJobs } from '../../ipc/events';
import { useAsk, useDo } from '../../ipc/queries';
import { EntryCures, useCures } from './Cures';
import { Progress } from './Progress';
import classes from './Run.module.css';
import { runWords } from './words';

type Props = { id: number; replication: ReplicationInfo };

/** Rows of a cause that are shown; the number beside the cause is the true one. */
const ROWS = 200;

export function RunPage({ id, replication }: Props) {
  const { name } = replication;
  const job = useJobs().find((one) => one.kind === 'run' && one.title === name);
  const shown = useAsk(
    'runs.show',
    { run: id, refused: true, limit: ROWS },
    { keep: true, everyMs: job ? 700 : false },
  );
  const cancel = useDo('jobs.cancel');
  if (shown.isError) return <Trouble error={shown.error} retry={() => void shown.refetch()} />;
  if (shown.isPending) return <Rows />;
  const run = shown.data;
  const { word, tone } = runWords[run.state];
  const isRunning = run.state === 'running' && job !== undefined;
  return (
    <>
      <div className={classes.head}>
        <Link to="/replications/$name/$tab" params={{ name, tab: 'runs' }} className={classes.back}>
          <IconArrowLeft size={14} stroke={1.75} aria-hidden /> All runs
        </Link>
        <h2 className={classes.title}>Run {run.id}</h2>
        <Chip tone={tone}>{word}</Chip>
        <span className={classes.quiet}>
          started <Ago at={run.started_at} />
        </span>
        {isRunning && (
          <Button
            className={classes.right}
            variant="default"
            leftSection={<IconX size={16} stroke={1.75} />}
            disabled={job.cancelling}
            onClick={() => cancel.mutate({ id: job.id })}
          >
            {job.cancelling ? 'Cancelling' : 'Cancel the run'}
          </Button>
        )}
      </div>
      {run.reason && (
        <div className={classes.stopped} role="status">
          <strong>{sentence(run.reason)}</strong> {run.cure && sentence(run.cure)}
        </div>
      )}
      <Progress run={run} job={job} />
      <Causes run={run} replication={replication} />
    </>
  );
}

function Causes({ run, replication }: { run: RunCard; replication: ReplicationInfo }) {
  const groups = [...run.refusals, ...run.blocks];
  const refused = groups.reduce((sum, group) => sum + group.rows, 0);
  if (groups.length === 0) {
    return <p className={classes.quiet}>{run.sent > 0 ? 'Nothing was refused.' : 'Nothing was sent.'}</p>;
  }
  return (
    <section className={classes.card} aria-label="Refused, by cause">
      <h2 className={classes.cardHead}>
        {count(refused)} refused, in {counted(groups.length, 'cause')}
      </h2>
      {groups.map((group, at) => (
        <Cause
          key={group.code}
          group={group}
          rows={run.rows.filter((row) => codeOf(row) === group.code)}
          replication={replication}
          begunOpen={at === 0}
        />
      ))}
    </section>
  );
}

type CauseProps = {
  group: Refusal;
  rows: readonly RunRow[];
  replication: ReplicationInfo;
  begunOpen: boolean;
};

function Cause({ group, rows, replication, begunOpen }: CauseProps) {
  const [open, setOpen] = useState(begunOpen);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <div className={open ? `${classes.cause} ${classes.open}` : classes.cause}>
      <div className={classes.causeHead}>
        <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
          <Chevron size={16} stroke={1.75} aria-hidden />
          <span className={`num ${classes.rows}`}>{count(group.rows)}</span>
          <span className={classes.words}>
            <span>
              <strong>{group.label}</strong> <span className="mono">{group.code}</span>
            </span>
            <span className={classes.quiet}>{sentence(group.example || group.cause)}</span>
          </span>
        </button>
        <GroupCures group={group} replication={replication.name} />
      </div>
      {open && <CauseBody group={group} rows={rows} replication={replication.name} />}
    </div>
  );
}

/** The cures for all of a cause. */
function GroupCures({ group: { code, cures }, replication }: { group: Refusal; replication: string }) {
  const act = useCures(replication);
  if (cures.length === 0) {
    return (
      <Chip tone="idle" icon={IconClock}>
        tried again by itself
      </Chip>
    );
  }
  return (
    <div className={classes.cures}>
      {cures.includes('allow_duplicates') && (
        <Button size="xs" variant="default" loading={act.busy} onClick={() => act.allowDuplicates(code)}>
          Allow saving duplicates
        </Button>
      )}
      {cures.includes('recreate') && (
        <Button size="xs" variant="default" loading={act.busy} onClick={() => act.recreate(code)}>
          Create them again
        </Button>
      )}
      {cures.includes('make_identifier') && (
        <Button size="xs" variant="default" loading={act.busy} onClick={() => act.makeIdentifier(code)}>
          Make the field
        </Button>
      )}
      {cures.includes('refresh_fields') && (
        <Button size="xs" variant="default" loading={act.busy} onClick={act.refresh}>
          Read the org’s fields again
        </Button>
      )}
      {cures.includes('edit_mapping') && (
        <Button size="xs" variant="default" onClick={act.mapping}>
          Open the mapping
        </Button>
      )}
      {cures.includes('retry') && (
        <Button size="xs" variant="default" loading={act.busy} onClick={() => act.again(code)}>
          Try them again
        </Button>
      )}
      {act.error && <Trouble error={act.error} />}
    </div>
  );
}

function CauseBody({
  group,
  rows,
  replication,
}: {
  group: Refusal;
  rows: readonly RunRow[];
  replication: string;
}) {
  const queue = useAsk('queue.list', { filter: { replication }, limit: 500 });
  const waiting = (queue.data?.entries ?? []).filter((entry) => entry.code === group.code).slice(0, 20);
  return (
    <div className={classes.body}>
      <p className={classes.advice}>
        {sentence(group.cause)} {sentence(group.cure)}
      </p>
      {waiting.map((line) => (
        <div key={line.contact} className={classes.entry}>
          <strong>{line.name || line.email}</strong>
          <EntryCures line={line} />
        </div>
      ))}
      {waiting.length === 0 && rows.length > 0 && (
        <p className={classes.quiet}>{count(group.rows)} of this run; none of them waits for you any more.</p>
      )}
    </div>
  );
}

function codeOf(row: RunRow): string {
  const first: JsonValue | undefined = Array.isArray(row.errors) ? row.errors[0] : undefined;
  const code = first && typeof first === 'object' && !Array.isArray(first) ? first.code : undefined;
  return typeof code === 'string' && code ? code : 'unknown';
}
