/** What needs attention first, then what was sent, why contacts are blocked, and how many API calls it took. */
import { Button, type ButtonProps } from '@mantine/core';
import { createLink, Link, useNavigate } from '@tanstack/react-router';
import { Card } from '../../components/Card';
import { ChartCard } from '../../components/ChartCard';
import { dateFormat } from '../../components/locale';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import { type DayFigures, figureNames, type Look, type Overview } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { Hours } from './Hours';
import { Legend } from './Legend';
import { lookWords } from './looks';
import { NextStep } from './NextStep';
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
  const hasSent = days.some((day) => day.created + day.updated + day.blocked > 0);
  return (
    <>
      <NextStep />
      <Card
        title="Needs attention"
        aside={
          next && (
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void navigate({ to: '/replications/$name/$tab', params: { name: next, tab: 'plan' } })
              }
            >
              Open plan of {next}
            </Button>
          )
        }
      >
        {looks.length === 0 ? (
          <p className={classes.quiet}>Nothing needs attention.</p>
        ) : (
          <ul className={classes.looks}>
            {looks.map((look) => (
              <li key={`${look.kind} ${look.replication} ${look.connection} ${look.code}`}>
                <span>{lookWords(look).says}</span>
                <Way look={look} />
              </li>
            ))}
          </ul>
        )}
      </Card>
      {hasSent && <Days days={days} />}
      {causes.length > 0 && (
        <Card title="Blocked, by reason">
          <Table
            label="Blocked, by reason"
            heads={[
              { name: 'Reason' },
              { name: 'Replication' },
              { name: 'Contacts', number: true },
              { name: 'What to do' },
            ]}
          >
            {causes.map((cause) => (
              <tr key={`${cause.replication} ${cause.code}`}>
                <td>{cause.label}</td>
                <td data-listed>
                  <Link
                    to="/replications/$name/$tab"
                    params={{ name: cause.replication, tab: 'queue' }}
                    className={classes.link}
                  >
                    {cause.replication}
                  </Link>
                </td>
                <NumberCell>{count(cause.contacts)}</NumberCell>
                <td>{sentence(cause.cure)}</td>
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
  const { act } = lookWords(look);
  if (act === null) return null;
  if (look.replication) {
    const name = look.replication;
    // After a stop the plan says what is left, and its button goes on.
    const isStill = look.kind === 'run_stopped' && look.contacts === 0;
    const tab = isStill ? 'runs' : look.kind === 'blocked' ? 'queue' : 'plan';
    return (
      <LinkButton to="/replications/$name/$tab" params={{ name, tab }}>
        {act}
      </LinkButton>
    );
  }
  return look.connection ? <LinkButton to="/connections">{act}</LinkButton> : null;
}

/** A way to another screen that looks like the button it is to people. */
const LinkButton = createLink((props: ButtonProps & { href?: string }) => (
  <Button component="a" size="xs" variant="default" {...props} />
));

/** What was sent on each of the last days, as bars or as a table. */
function Days({ days }: { days: readonly DayFigures[] }) {
  const sum = (day: DayFigures) => day.created + day.updated + day.blocked;
  const most = Math.max(1, ...days.map(sum));
  const total = (what: 'created' | 'updated' | 'blocked') =>
    count(days.reduce((sum, day) => sum + day[what], 0));
  return (
    <ChartCard
      title="Sent, by day"
      about={`${total('created')} created, ${total('updated')} updated, ${total('blocked')} blocked in ${counted(days.length, 'day')}`}
      says={`Sent in ${days.length} days, up to ${count(most)} a day. The table lists every number.`}
      className={classes.bars}
      chart={days.map((day) => (
        <div key={day.day} className={classes.day}>
          <div className={classes.column}>
            <span className={classes.blocked} style={{ height: `${(100 * day.blocked) / most}%` }} />
            <span className={classes.updated} style={{ height: `${(100 * day.updated) / most}%` }} />
            <span className={classes.created} style={{ height: `${(100 * day.created) / most}%` }} />
          </div>
          <span className={classes.date}>{day.day.slice(8)}</span>
        </div>
      ))}
      legend={
        <Legend
          parts={[
            { name: figureNames.created, color: classes.created },
            { name: figureNames.updated, color: classes.updated },
            { name: figureNames.blocked, color: classes.blocked },
          ]}
        />
      }
      heads={[
        { name: 'Day' },
        { name: figureNames.created, number: true },
        { name: figureNames.updated, number: true },
        { name: figureNames.blocked, number: true },
      ]}
      rows={days.map((day) => (
        <tr key={day.day}>
          <td>{dayName(day.day)}</td>
          <NumberCell>{count(day.created)}</NumberCell>
          <NumberCell>{count(day.updated)}</NumberCell>
          <NumberCell>{count(day.blocked)}</NumberCell>
        </tr>
      ))}
    />
  );
}

/** Returns a day as it is written here. */
function dayName(day: string): string {
  return dateFormat({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    Date.parse(`${day}T00:00:00Z`),
  );
}
