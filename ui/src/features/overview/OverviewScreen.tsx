/** First what needs a look, then what has been sent, why something was not, and what it cost. */
import { Anchor, Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import type { DayFigures, Look, Overview } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { Hours } from './Hours';
import classes from './OverviewScreen.module.css';

export function OverviewScreen() {
  const overview = useAsk('statistics.overview', {});
  return (
    <Page title="Overview">
      {overview.isError && <Trouble error={overview.error} retry={() => void overview.refetch()} />}
      {overview.isPending && <Rows />}
      {overview.data && <Shown overview={overview.data} />}
    </Page>
  );
}

function Shown({ overview }: { overview: Overview }) {
  const { looks, days, causes, api_use: uses, next_replication: next } = overview;
  const navigate = useNavigate();
  return (
    <>
      <Card
        title="Needs a look"
        aside={
          next && (
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void navigate({ to: '/replications/$name/$tab', params: { name: next, tab: 'plan' } })
              }
            >
              Open the plan of {next}
            </Button>
          )
        }
      >
        {looks.length === 0 ? (
          <p className={classes.quiet}>Nothing needs a look.</p>
        ) : (
          <ul className={classes.looks}>
            {looks.map((look) => (
              <li key={`${look.kind} ${look.replication} ${look.connection} ${look.code}`}>
                <span>{sentence(look.text)}</span>
                <Way look={look} />
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Days days={days} />
      {causes.length > 0 && (
        <Card title="Not through, by cause">
          <Table
            label="Not through, by cause"
            heads={[
              { name: 'Cause' },
              { name: 'Replication' },
              { name: 'Contacts', number: true },
              { name: 'What to do' },
            ]}
          >
            {causes.map((cause) => (
              <tr key={`${cause.replication} ${cause.code}`}>
                <td>{cause.label}</td>
                <td>
                  <Link
                    to="/replications/$name/$tab"
                    params={{ name: cause.replication, tab: 'queue' }}
                    className={classes.link}
                  >
                    {cause.replication}
                  </Link>
                </td>
                <NumberCell>{count(cause.contacts)}</NumberCell>
                <td>{cause.tries_again ? 'Nothing: they are tried again.' : sentence(cause.cure)}</td>
              </tr>
            ))}
          </Table>
        </Card>
      )}
      {uses.map((use) => (
        <Hours key={use.connection} use={use} />
      ))}
    </>
  );
}

function Way({ look }: { look: Look }) {
  if (look.replication) {
    const tab = look.kind === 'run_stopped' ? 'runs' : look.kind === 'waiting' ? 'plan' : 'queue';
    return (
      <Link to="/replications/$name/$tab" params={{ name: look.replication, tab }} className={classes.link}>
        Open {look.replication}
      </Link>
    );
  }
  if (look.connection) {
    return (
      <Link to="/connections" className={classes.link}>
        Open Connections
      </Link>
    );
  }
  return null;
}

/** What was sent on each of the last days, as bars or as a table. */
function Days({ days }: { days: readonly DayFigures[] }) {
  const [asTable, setAsTable] = useState(false);
  const sum = (day: DayFigures) => day.created + day.updated + day.refused;
  const most = Math.max(1, ...days.map(sum));
  const all = days.reduce((total, day) => total + sum(day), 0);
  return (
    <Card
      title="Sent, by day"
      about={`${counted(all, 'contact')} in ${counted(days.length, 'day')}`}
      aside={
        <Anchor component="button" type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show as picture' : 'Show as table'}
        </Anchor>
      }
    >
      {asTable ? (
        <Table
          label="Sent, by day"
          heads={[
            { name: 'Day' },
            { name: 'Created', number: true },
            { name: 'Updated', number: true },
            { name: 'Refused', number: true },
          ]}
        >
          {days.map((day) => (
            <tr key={day.day}>
              <td>{day.day}</td>
              <NumberCell>{count(day.created)}</NumberCell>
              <NumberCell>{count(day.updated)}</NumberCell>
              <NumberCell>{count(day.refused)}</NumberCell>
            </tr>
          ))}
        </Table>
      ) : (
        <div
          className={classes.bars}
          role="img"
          aria-label={`Contacts sent in ${days.length} days, at most ${most} a day; the table has every number.`}
        >
          {days.map((day) => (
            <div key={day.day} className={classes.day}>
              <div className={classes.column}>
                <span className={classes.refused} style={{ height: `${(100 * day.refused) / most}%` }} />
                <span className={classes.updated} style={{ height: `${(100 * day.updated) / most}%` }} />
                <span className={classes.created} style={{ height: `${(100 * day.created) / most}%` }} />
              </div>
              <span className={classes.date}>{day.day.slice(8)}</span>
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}
