/** The contacts of a run that were blocked, by reason: one table for each, with its cures. */
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import type { QueueLine, Refusal, RunCard } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { CauseTable } from './CauseTable';
import { GroupCures } from './GroupCures';
import { Pager } from './Pager';
import classes from './Run.module.css';

type Props = {
  run: RunCard;
  replication: string;
  /** The contact whose panel is open. */
  open: string | null;
  onOpen: (line: QueueLine) => void;
};

/** Contacts of a cause on a page. */
const SHOWN = 20;

export function Causes({ run, ...rest }: Props) {
  const groups = [...run.refusals, ...run.blocks];
  const blocked = groups.reduce((sum, group) => sum + group.rows, 0);
  if (groups.length === 0) return <p className={classes.quiet}>No contacts were blocked in this run.</p>;
  return (
    <section className={classes.card} aria-label="Blocked, by reason">
      <h2 className={classes.cardHead}>
        {count(blocked)} blocked, {counted(groups.length, 'reason')}
      </h2>
      {groups.map((group, at) => (
        <Cause key={group.code} run={run} group={group} begunOpen={at === 0} {...rest} />
      ))}
    </section>
  );
}

type CauseProps = Props & { group: Refusal; begunOpen: boolean };

function Cause({ group, begunOpen, ...rest }: CauseProps) {
  const [isOpen, setOpen] = useState(begunOpen);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div className={isOpen ? `${classes.cause} ${classes.open}` : classes.cause}>
      <div className={classes.causeHead}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Chevron size={16} stroke={1.75} aria-hidden />
          <span className={`num ${classes.rows}`}>{count(group.rows)}</span>
          <span className={classes.words}>
            <span>
              <strong>{group.label}</strong> <span className={`mono ${classes.quiet}`}>{group.code}</span>
            </span>
            <span className={classes.quiet}>{sentence(group.cause || group.example)}</span>
          </span>
        </button>
        <GroupCures group={group} replication={rest.replication} />
      </div>
      {isOpen && <CauseBody group={group} {...rest} />}
    </div>
  );
}

function CauseBody({ run, group, replication, open, onOpen }: Omit<CauseProps, 'begunOpen'>) {
  // Where each page but the first begins; the last of them is shown.
  const [pages, setPages] = useState<readonly string[]>([]);
  const after = pages.at(-1);
  const queue = useAsk(
    'queue.list',
    {
      filter: { replication, code: group.code, run: run.id },
      ...(after === undefined ? {} : { after }),
      limit: SHOWN,
    },
    { keep: true },
  );
  if (queue.isError) return <Trouble error={queue.error} retry={() => void queue.refetch()} />;
  if (queue.isPending) return <Rows count={3} />;
  const { entries, total, next } = queue.data;
  return (
    <div className={classes.body}>
      {entries.length > 0 && (
        <CauseTable
          label={group.label}
          advice={group.cure}
          replication={replication}
          lines={entries}
          open={open}
          onOpen={onOpen}
        />
      )}
      {(next !== null || pages.length > 0) && (
        <Pager
          label={`Pages: ${group.label}`}
          pages={pages}
          onPages={setPages}
          next={next}
          limit={SHOWN}
          shown={entries.length}
          total={total}
        />
      )}
      {total === 0 && (
        <p className={classes.quiet}>
          {group.rows === 1 ? 'This contact no longer needs' : 'These contacts no longer need'} your action.
        </p>
      )}
    </div>
  );
}
