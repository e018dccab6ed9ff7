/** How a segment has grown, day by day: as bars, or as a table. */
import { ChartCard } from '../../components/ChartCard';
import { isMoment } from '../../components/locale';
import { count } from '../../components/numbers';
import { NumberCell } from '../../components/Table';
import { shownDate } from '../../components/written';
import type { SegmentGrowth } from '../../ipc/bindings';
import classes from './Segments.module.css';

/** Days shown; earlier ones stand in the table. */
const SHOWN = 60;

export function GrowthCard({ growth }: { growth: readonly SegmentGrowth[] }) {
  if (growth.length === 0) return null;
  const shown = growth.slice(-SHOWN);
  const most = Math.max(1, ...shown.map((day) => day.members));
  const date = (day: number) =>
    isMoment(day) ? shownDate(new Date(day).toISOString().slice(0, 10)) : 'Unknown date';
  return (
    <ChartCard
      title="Growth"
      about="Members at the end of each day with changes"
      says={`Members by day, ${count(shown.at(-1)?.members ?? 0)} on the last one. The table has every number.`}
      className={classes.bars}
      chart={shown.map((day) => (
        <span
          key={day.day}
          className={classes.bar}
          style={{ height: `${(100 * day.members) / most}%` }}
          title={`${date(day.day)}: ${count(day.members)}`}
        />
      ))}
      heads={[
        { name: 'Day' },
        { name: 'Joined', number: true },
        { name: 'Left', number: true },
        { name: 'Members', number: true },
      ]}
      rows={[...growth].reverse().map((day) => (
        <tr key={day.day}>
          <td className="num">{date(day.day)}</td>
          <NumberCell>{count(day.joined)}</NumberCell>
          <NumberCell>{count(day.left)}</NumberCell>
          <NumberCell>{count(day.members)}</NumberCell>
        </tr>
      ))}
    />
  );
}
