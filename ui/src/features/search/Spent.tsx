/** How many API calls an answer took. */
import { count, counted } from '../../components/numbers';
import type { CallsSpent } from '../../ipc/bindings';
import classes from './Search.module.css';

export function Spent({ spent: { calls, used, allowed } }: { spent: CallsSpent }) {
  return (
    <span className={`${classes.quiet} num`}>
      {counted(calls, 'API call')}
      {used !== null && allowed !== null && `, ${count(Math.max(0, allowed - used))} left`}
    </span>
  );
}
