/** How many contacts have how many points: as bars, or as a table. */
import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { count, counted } from '../../components/numbers';
import { NumberCell, Table } from '../../components/Table';
import type { PointRange, PointSpread } from '../../ipc/bindings';
import classes from './Scores.module.css';

export function Spread({ spread }: { spread: PointSpread }) {
  const [asTable, setAsTable] = useState(false);
  const most = Math.max(1, ...spread.ranges.map((range) => range.contacts));
  return (
    <Card
      title="Contacts by points"
      about={about(spread)}
      aside={
        spread.ranges.length > 0 && (
          <Anchor
            component="button"
            type="button"
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? 'Show chart' : 'Show table'}
          </Anchor>
        )
      }
    >
      {spread.ranges.length === 0 ? (
        <p className={classes.quiet}>No contacts yet.</p>
      ) : asTable ? (
        <Table label="Contacts by points" heads={[{ name: 'Points' }, { name: 'Contacts', number: true }]}>
          {spread.ranges.map((range) => (
            <tr key={range.from}>
              <td className="num">{rangeWords(range)}</td>
              <NumberCell>{count(range.contacts)}</NumberCell>
            </tr>
          ))}
        </Table>
      ) : (
        <div
          className={classes.bars}
          role="img"
          aria-label={`Contacts by points, from ${count(spread.least)} to ${count(spread.most)}. The table has every number.`}
        >
          {spread.ranges.map((range) => (
            <div key={range.from} className={classes.range}>
              <span className={`${classes.number} num`}>{count(range.contacts)}</span>
              <div className={classes.column}>
                <span className={classes.bar} style={{ height: `${(100 * range.contacts) / most}%` }} />
              </div>
              <span className={`${classes.axis} num`}>{rangeWords(range)}</span>
            </div>
          ))}
        </div>
      )}
    </Card>
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
