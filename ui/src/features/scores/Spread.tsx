/** How many contacts have how many points: as bars, or as a table. */
import { Card } from '../../components/Card';
import { ChartCard } from '../../components/ChartCard';
import { count, counted } from '../../components/numbers';
import { NumberCell } from '../../components/Table';
import type { PointRange, PointSpread } from '../../ipc/bindings';
import classes from './Scores.module.css';

export function Spread({ spread }: { spread: PointSpread }) {
  const title = 'Contacts by points';
  if (spread.ranges.length === 0)
    return (
      <Card title={title}>
        <p className={classes.quiet}>No contacts yet.</p>
      </Card>
    );
  const most = Math.max(1, ...spread.ranges.map((range) => range.contacts));
  return (
    <ChartCard
      title={title}
      about={about(spread)}
      says={`Contacts by points, from ${count(spread.least)} to ${count(spread.most)}. The table has every number.`}
      className={classes.bars}
      chart={spread.ranges.map((range) => (
        <div key={range.from} className={classes.range}>
          <span className={`${classes.number} num`}>{count(range.contacts)}</span>
          <div className={classes.column}>
            <span className={classes.bar} style={{ height: `${(100 * range.contacts) / most}%` }} />
          </div>
          <span className={`${classes.axis} num`}>{rangeWords(range)}</span>
        </div>
      ))}
      heads={[{ name: 'Points' }, { name: 'Contacts', number: true }]}
      rows={spread.ranges.map((range) => (
        <tr key={range.from}>
          <td className="num">{rangeWords(range)}</td>
          <NumberCell>{count(range.contacts)}</NumberCell>
        </tr>
      ))}
    />
  );
}

function about({ contacts, least, most, sum }: PointSpread): string {
  if (contacts === 0) return '';
  const mean = Math.round(sum / contacts);
  return `${counted(contacts, 'contact')}, ${count(least)} to ${count(most)} points, ${count(mean)} on average`;
}

function rangeWords({ from, to }: PointRange): string {
  return from === to ? count(from) : `${count(from)} to ${count(to)}`;
}
