/** How far a run is: contacts and API calls, what became of them, and the time left. */
import type { ReactNode } from 'react';
import { lasting } from '../../components/moments';
import { count, counted } from '../../components/numbers';
import type { Job, RunInfo } from '../../ipc/bindings';
import classes from './Progress.module.css';

/** Before, the first contacts are no measure for the others. */
const SURE_AFTER_MS = 5_000;

type Props = { run: RunInfo; job?: Job | undefined; action?: ReactNode };

export function Progress({ run, job, action }: Props) {
  const { blocked } = run.figures;
  const done = run.created + run.updated + blocked;
  // What is sent is known once everybody has been considered; a run that is over and was not stopped has nothing left.
  const all =
    run.state === 'finished' ? done : Math.max(planned(run), done, job?.stage === 'sending' ? job.total : 0);
  const remaining = all - done;
  const spentMs = (run.ended_at ?? Date.now()) - run.started_at;
  const rate = spentMs > 0 ? (1000 * done) / spentMs : 0;
  const parts = [
    { name: 'Created', number: run.created, tone: classes.created },
    { name: 'Updated', number: run.updated, tone: classes.updated },
    { name: 'Blocked', number: blocked, tone: classes.refused },
    { name: 'Remaining', number: remaining, tone: classes.rest },
  ];
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
        {parts.map((part) => (
          <li key={part.name}>
            <span className={`${classes.dot} ${part.tone}`} aria-hidden />
            {part.name} <strong className="num">{count(part.number)}</strong>
          </li>
        ))}
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

/** Returns how many contacts the plan wanted to send. */
function planned({ planned: counts }: RunInfo): number {
  if (counts === null || typeof counts !== 'object' || Array.isArray(counts)) return 0;
  const number = (key: string) => (typeof counts[key] === 'number' ? counts[key] : 0);
  return number('create') + number('update');
}
