/** The API calls of a connection within 24 hours, Leadferry's and other tools', as bars or as a table. */
import { ChartCard } from '../../components/ChartCard';
import { dateFormat } from '../../components/locale';
import { count, counted } from '../../components/numbers';
import { NumberCell } from '../../components/Table';
import type { ApiUse } from '../../ipc/bindings';
import { Legend } from './Legend';
import classes from './OverviewScreen.module.css';

function hour(at: number): string {
  return dateFormat({ hour: '2-digit', minute: '2-digit' }).format(at);
}

export function Hours({ use: { connection, budget, ours, hours } }: { use: ApiUse }) {
  const most = Math.max(1, ...hours.map(({ ours, others }) => ours + others));
  return (
    <ChartCard
      title={`API calls, ${connection}`}
      about={
        budget
          ? `${count(budget.used)} of ${count(budget.max)} used in 24 hours, ${count(budget.ours)} of them by Leadferry`
          : `${counted(ours, 'call')} by Leadferry in 24 hours`
      }
      says={`API calls by hour, up to ${count(most)} an hour. The table lists every number.`}
      className={classes.bars}
      chart={hours.map((one, at) => (
        <div key={one.at} className={classes.day}>
          <div className={classes.column}>
            <span className={classes.others} style={{ height: `${(100 * one.others) / most}%` }} />
            <span className={classes.updated} style={{ height: `${(100 * one.ours) / most}%` }} />
          </div>
          <span className={classes.date}>{at % 4 === 0 ? hour(one.at) : '\u00a0'}</span>
        </div>
      ))}
      legend={
        <Legend
          parts={[
            { name: 'Leadferry', color: classes.updated },
            { name: 'Other tools', color: classes.others },
          ]}
        />
      }
      heads={[
        { name: 'Hour' },
        { name: 'Leadferry', number: true },
        { name: 'Other tools (at least)', number: true },
      ]}
      rows={hours.map((one) => (
        <tr key={one.at}>
          <td className="num">{hour(one.at)}</td>
          <NumberCell>{count(one.ours)}</NumberCell>
          <NumberCell>{count(one.others)}</NumberCell>
        </tr>
      ))}
    />
  );
}
