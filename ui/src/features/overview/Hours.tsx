/** The API calls of a connection within 24 hours, Leadferry's and other tools', as bars or as a table. */
import { Anchor } from '@mantine/core';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { dateFormat } from '../../components/locale';
import { count, counted } from '../../components/numbers';
import { NumberCell, Table } from '../../components/Table';
import type { ApiUse } from '../../ipc/bindings';
import { Legend } from './Legend';
import classes from './OverviewScreen.module.css';

function hour(at: number): string {
  return dateFormat({ hour: '2-digit', minute: '2-digit' }).format(at);
}

export function Hours({ use: { connection, budget, ours, hours } }: { use: ApiUse }) {
  const [asTable, setAsTable] = useState(false);
  const title = `API calls, ${connection}`;
  const most = Math.max(1, ...hours.map(({ ours, others }) => ours + others));
  return (
    <Card
      title={title}
      about={
        budget
          ? `${count(budget.used)} of ${count(budget.max)} used in 24 hours, ${count(budget.ours)} of them by Leadferry`
          : `${counted(ours, 'call')} by Leadferry in 24 hours`
      }
      aside={
        <Anchor component="button" type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show chart' : 'Show table'}
        </Anchor>
      }
    >
      {asTable ? (
        <Table
          label={title}
          heads={[
            { name: 'Hour' },
            { name: 'Leadferry', number: true },
            { name: 'Other tools (at least)', number: true },
          ]}
        >
          {hours.map((one) => (
            <tr key={one.at}>
              <td className="num">{hour(one.at)}</td>
              <NumberCell>{count(one.ours)}</NumberCell>
              <NumberCell>{count(one.others)}</NumberCell>
            </tr>
          ))}
        </Table>
      ) : (
        <div
          className={classes.bars}
          role="img"
          aria-label={`API calls by hour, up to ${count(most)} an hour. The table lists every number.`}
        >
          {hours.map((one, at) => (
            <div key={one.at} className={classes.day}>
              <div className={classes.column}>
                <span className={classes.others} style={{ height: `${(100 * one.others) / most}%` }} />
                <span className={classes.updated} style={{ height: `${(100 * one.ours) / most}%` }} />
              </div>
              <span className={classes.date}>{at % 4 === 0 ? hour(one.at) : '\u00a0'}</span>
            </div>
          ))}
        </div>
      )}
      {!asTable && (
        <Legend
          parts={[
            { name: 'Leadferry', color: classes.updated },
            { name: 'Other tools', color: classes.others },
          ]}
        />
      )}
    </Card>
  );
}
