/** How far a run is: contacts and API calls, what became of them, and the time left. */
import type { ReactNode } from 'react';
import { lasting } from '../../components/moments';
import { count, counted } from '../../components/numbers';
import { figureNames, type Job, type RunInfo } from '../../ipc/bindings';
import classes from './Progress.module.css';

/** Before, the first contacts are no measure for the others. */
const SURE_AFTER_MS = 5_000;

type Props = { run: RunInfo; job?: Job | undefined; action?: ReactNode };

export function Progress({ run, job, action }: Props) {
  const { blocked } = run.figures;
  const done = run.created + run.updated + blocked;
  const isOver = run.ended_at !== null;
  // Once a run is over, those who are left wait in the queue, which counts them for every screen.
  const remaining = isOver ? waitingAfter(run) : Math.max(expected(run, job) - done, 0);
  const all = done + remaining;
  const spentMs = (run.ended_at ?? Date.now()) - run.started_at;
  const rate = spentMs > 0 ? (1000 * done) / spentMs : 0;
  const parts = [
    { name: 'Created', number: run.created, tone: classes.created },
    { name: 'Updated', number: run.updated, tone: classes.updated },
    { name: 'Blocked', number: blocked, tone: classes.refused },
    { name: isOver ? figureNames.waiting : 'Remaining', number: remaining, tone: classes.rest },
  ];
  // Where nobody waits any more, nothing is said of it.
  const isShown = ({ name, number }: { name: string; number: number }) =>
    number > 0 || name !== figureNames.waiting;
  return (
    <section className={classes.card} aria-label="Progress">
      <div className={classes.figures}>
        <Figure name="Contacts" number={count(done)} unit={`of ${count(all)} to send`} />
        <Figure
          name="API calls"
          number={count(run.calls)}
          unit={run.calls_left === null ? '' : `${count(run.calls_left)} left`}
        />
        <Figure name={run.ended_at ? 'Duration' : 'Elapsed'} number={lasting(spentMs)} unit="" />
        {!run.ended_at && done > 0 && remaining > 0 && spentMs > SURE_AFTER_MS && (
          <Figure
            name="Time left"
            number={lasting((1000 * remaining) / rate)}
            unit={`${counted(Math.max(1, Math.round(rate)), 'contact')} per second`}
          />
        )}
        {action}
      </div>
      <div
        className={classes.bar}
        role="img"
        aria-label={parts.map((part) => `${part.name} ${part.number}`).join(', ')}
      >
        {parts.map((part) => (
          <span key={part.name} className={part.tone} style={{ flexGrow: part.number }} />
        ))}
      </div>
      <ul className={classes.legend}>
        {parts.filter(isShown).map((part) => (
          <li key={part.name}>
            <span className={`${classes.dot} ${part.tone}`} aria-hidden />
            {part.name} <strong className="num">{count(part.number)}</strong>
          </li>
        ))}
        {run.withdrawn > 0 && (
          <li title="Contacts that were not sent after all, such as those who are a Contact in Salesforce">
            Left out in this run <strong className="num">{count(run.withdrawn)}</strong>
          </li>
        )}
      </ul>
    </section>
  );
}

function Figure({ name, number, unit }: { name: string; number: string; unit: string }) {
  return (
    <div className={classes.figure}>
      <span className={classes.name}>{name}</span>
      <span>
        <strong className={`num ${classes.number}`}>{number}</strong> {unit}
      </span>
    </div>
  );
}

/** Returns how many contacts a run leaves to the next one; one that has finished has sent all that it was to send. */
function waitingAfter({ state, waiting }: RunInfo): number {
  return state === 'finished' ? 0 : (waiting ?? 0);
}

/** Returns how many contacts a run wants to send: what the plan says, until everybody has been considered. */
function expected({ planned: counts }: RunInfo, job: Job | undefined): number {
  if (job?.stage === 'sending') return job.total;
  if (counts === null || typeof counts !== 'object' || Array.isArray(counts)) return 0;
  const number = (key: string) => (typeof counts[key] === 'number' ? counts[key] : 0);
  return number('create') + number('update') + number('match_pending');
}
