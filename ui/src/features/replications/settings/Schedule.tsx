/** When the replication runs by itself, and when that is next. */
import { Select, Switch } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Ago } from '../../../components/Ago';
import { Card } from '../../../components/Card';
import { CheckedText } from '../../../components/CheckedText';
import { exactly } from '../../../components/moments';
import { NumberField } from '../../../components/NumberField';
import { inWords } from '../../../components/Trouble';
import type { HostError, NextRun } from '../../../ipc/bindings';
import { useAsk } from '../../../ipc/queries';
import {
  areTimes,
  firstOf,
  MOST_MINUTES,
  minutesOf,
  timesOf,
  USE_TIMES,
  wayOf,
} from '../../../words/schedules';
import { Line, Lines } from '../Lines';
import classes from '../Replications.module.css';
import type { CardProps } from './kept';

const TYPING_MS = 300;
const DEFAULT_BRAKE_TIMES = 3;
const MOST_BRAKE_TIMES = 1_000;
const DEFAULT_BRAKE_REFUSED = 20;
const MOST_CONTACTS = 1_000_000;

export function Schedule({ replication, now, put }: CardProps) {
  const { schedule } = now;
  const way = wayOf(schedule);
  const [asked] = useDebouncedValue(schedule, TYPING_MS);
  const next = useAsk('replications.next_run', { name: replication.name, schedule: asked }, { keep: true });
  const error = asked === schedule ? next.error : null;
  return (
    <Card
      title="Schedule"
      about={
        way === 'manual'
          ? undefined
          : 'Scheduled runs need Leadferry to be open. After a missed time, it runs once to catch up.'
      }
    >
      <Lines>
        <Line label="Runs">
          <Select
            aria-label="Runs"
            allowDeselect={false}
            data={[
              { value: 'manual', label: 'Manually' },
              { value: 'on change', label: 'When something changes' },
              { value: 'every', label: 'Every … minutes' },
              { value: 'at', label: 'At times of the day' },
            ]}
            value={way}
            onChange={(chosen) => chosen && put({ schedule: firstOf[chosen] ?? chosen })}
          />
        </Line>
        {way === 'every' && (
          <Line label="Minutes between runs">
            <NumberField
              aria-label="Minutes between runs"
              min={1}
              max={MOST_MINUTES}
              whole
              value={minutesOf(schedule)}
              onChange={(minutes) => put({ schedule: `every ${Number(minutes) || 1} minutes` })}
            />
          </Line>
        )}
        {way === 'at' && (
          <Line label="Times" help={next.data && `Time zone: ${next.data.time_zone}.`}>
            <CheckedText
              aria-label="Times of the day"
              placeholder="08:00, 13:30"
              wrong={areTimes(timesOf(schedule)) ? null : USE_TIMES}
              error={error && USE_TIMES}
              value={timesOf(schedule)}
              onChange={(event) => put({ schedule: `at ${event.currentTarget.value}` })}
            />
          </Line>
        )}
        {way !== 'manual' && (
          <Line label="Next run">
            <Next way={way} isOn={replication.enabled} next={next.data} error={error} />
          </Line>
        )}
        {way !== 'manual' && <Brake now={now} put={put} />}
      </Lines>
    </Card>
  );
}

/** What holds back a run that would send far more contacts than usual. */
function Brake({ now, put }: Pick<CardProps, 'now' | 'put'>) {
  const isOn = now.brake_times > 0;
  return (
    <>
      <Line label="Hold unusually large runs" help="They wait until you run the replication yourself.">
        <Switch
          aria-label="Hold unusually large runs"
          checked={isOn}
          onChange={(event) => put({ brake_times: event.currentTarget.checked ? DEFAULT_BRAKE_TIMES : 0 })}
        />
      </Line>
      {isOn && (
        <>
          <Line label="Times the usual number of contacts">
            <NumberField
              aria-label="Times the usual number of contacts"
              min={1}
              max={MOST_BRAKE_TIMES}
              whole
              value={now.brake_times}
              onChange={(times) => put({ brake_times: Number(times) || 1 })}
            />
          </Line>
          <Line label="Never hold runs of up to (contacts)">
            <NumberField
              aria-label="Never hold runs of up to (contacts)"
              min={0}
              max={MOST_CONTACTS}
              whole
              value={now.brake_contacts}
              onChange={(contacts) => put({ brake_contacts: Number(contacts) })}
            />
          </Line>
        </>
      )}
      <Line
        label="Stop runs that Salesforce refuses"
        help="The run stops, and the next ones wait until you let them go on."
      >
        <Switch
          aria-label="Stop runs that Salesforce refuses"
          checked={now.brake_refused > 0}
          onChange={(event) =>
            put({ brake_refused: event.currentTarget.checked ? DEFAULT_BRAKE_REFUSED : 0 })
          }
        />
      </Line>
      {now.brake_refused > 0 && (
        <>
          <Line label="Refused contacts (percent)">
            <NumberField
              aria-label="Refused contacts (percent)"
              min={1}
              max={99}
              whole
              value={now.brake_refused}
              onChange={(percent) => put({ brake_refused: Number(percent) || 1 })}
            />
          </Line>
          <Line label="Counted among (contacts)">
            <NumberField
              aria-label="Counted among (contacts)"
              min={1}
              max={MOST_CONTACTS}
              whole
              value={now.brake_rows}
              onChange={(contacts) => put({ brake_rows: Number(contacts) || 1 })}
            />
          </Line>
        </>
      )}
    </>
  );
}

type NextProps = { way: string; isOn: boolean; next: NextRun | undefined; error: HostError | null };

function Next({ way, isOn, next, error }: NextProps) {
  if (!isOn) return <span className={classes.help}>None. This replication is disabled.</span>;
  if (way === 'on change') return <span className={classes.help}>With the next change.</span>;
  if (error) return <span className={classes.fail}>{way === 'at' ? 'Not known.' : inWords(error)}</span>;
  if (!next?.at) return <span className={classes.help}>Not known.</span>;
  return (
    <output>
      {exactly(next.at)}{' '}
      <span className={classes.quiet}>
        (<Ago at={next.at} />)
      </span>
    </output>
  );
}
