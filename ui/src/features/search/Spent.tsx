/** What an answer of the org's cost. */
import { count, counted } from '../../components/numbers';
import type { CallsSpent } from '../../ipc/bindings';
import classes from './Search.module.css';

export function Spent({ spent: { calls, used, allowed } }: { spent: CallsSpent }) {
  return (
    <span className={`${classes.quiet} num`}>
      {counted(calls, 'call')}
      {used !== null && allowed !== null && `, ${count(Math.max(0, allowed - used))} left`}
    </span>
  );
}
