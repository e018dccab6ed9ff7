/** When a pull runs by itself, how many API calls it leaves to others, and what it alerts to. */
import { Button, Checkbox, Select, Switch } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { CheckedText } from '../../components/CheckedText';
import { exactly } from '../../components/moments';
import { NumberField } from '../../components/NumberField';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { AlertKind, PullDetails, PullSettings } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { areTimes, firstOf, MOST_MINUTES, minutesOf, timesOf, USE_TIMES, wayOf } from '../../words/schedules';
import classes from './Pulls.module.css';

const TYPING_MS = 300;
const MOST_CALLS = 1_000_000_000;

const kinds: readonly (readonly [AlertKind, string])[] = [
  ['finished', 'A run read something new'],
  ['partly_failed', 'Some objects weren’t read'],
  ['failed', 'A run failed'],
  ['late', 'A scheduled run is late'],
  ['sign_in_lost', 'The connection needs you to sign in again'],
  ['api_low', 'No API calls are left for the pull'],
];

export function ScheduleCard({ pull }: { pull: PullDetails }) {
  return <Form key={JSON.stringify([pull.settings, pull.enabled])} pull={pull} />;
}

function Form({ pull }: { pull: PullDetails }) {
  const [settings, setSettings] = useState<PullSettings>(pull.settings);
  const [enabled, setEnabled] = useState(pull.enabled);
  const set = useDo('pulls.set');
  const { schedule } = settings;
  const way = wayOf(schedule);
  const [asked] = useDebouncedValue(schedule, TYPING_MS);
  const next = useAsk('pulls.next_run', { name: pull.name, schedule: asked }, { keep: true });
  const put = (part: Partial<PullSettings>) => setSettings({ ...settings, ...part });
  const changed = JSON.stringify([settings, enabled]) !== JSON.stringify([pull.settings, pull.enabled]);
  const wrong = way === 'at' && !areTimes(timesOf(schedule));
  const save = () =>
    set.mutate(
      { name: pull.name, settings: { ...settings, enabled } },
      { onSuccess: () => say('Saved the schedule.') },
    );
  const toggle = (kind: AlertKind, on: boolean) =>
    put({
      alerts: kinds.map(([one]) => one).filter((one) => (one === kind ? on : settings.alerts.includes(one))),
    });
  return (
    <Card
      title="Schedule and alerts"
      about={
        way === 'manual'
          ? undefined
          : 'Scheduled runs need Leadferry to be open. After a missed time, it runs once to catch up.'
      }
    >
      <div className={classes.stack}>
        <Select
          label="Runs"
          className={classes.words}
          allowDeselect={false}
          data={[
            { value: 'manual', label: 'Manually' },
            { value: 'every', label: 'Every … minutes' },
            { value: 'at', label: 'At times of the day' },
          ]}
          value={way}
          onChange={(chosen) => chosen && put({ schedule: firstOf[chosen] ?? chosen })}
        />
        {way === 'every' && (
          <NumberField
            label="Minutes between runs"
            className={classes.words}
            min={1}
            max={MOST_MINUTES}
            whole
            value={minutesOf(schedule)}
            onChange={(minutes) => put({ schedule: `every ${Number(minutes) || 1} minutes` })}
          />
        )}
        {way === 'at' && (
          <CheckedText
            label="Times of the day"
            description={next.data && `Time zone: ${next.data.time_zone}.`}
            className={classes.words}
            placeholder="08:00, 13:30"
            wrong={wrong ? USE_TIMES : null}
            value={timesOf(schedule)}
            onChange={(event) => put({ schedule: `at ${event.currentTarget.value}` })}
          />
        )}
        {way !== 'manual' && (
          <Switch
            label="Run by this schedule"
            checked={enabled}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
        )}
        {way !== 'manual' && enabled && next.data?.at && !wrong && (
          <output>
            Next run: {exactly(next.data.at)}{' '}
            <span className={classes.quiet}>
              (<Ago at={next.data.at} />)
            </span>
          </output>
        )}
        <NumberField
          label="API calls to leave for other tools"
          className={classes.words}
          min={0}
          max={MOST_CALLS}
          whole
          value={settings.api_reserve}
          onChange={(calls) => put({ api_reserve: Number(calls) || 0 })}
        />
        <fieldset className={classes.alerts}>
          <legend>Alert me when</legend>
          {kinds
            .filter(([kind]) => kind !== 'late' || way !== 'manual')
            .map(([kind, label]) => (
              <Checkbox
                key={kind}
                label={label}
                checked={settings.alerts.includes(kind)}
                onChange={(event) => toggle(kind, event.currentTarget.checked)}
              />
            ))}
        </fieldset>
        {settings.alerts.includes('late') && way !== 'manual' && (
          <NumberField
            label="Late after (minutes)"
            className={classes.words}
            min={1}
            max={MOST_MINUTES}
            whole
            value={settings.late_after}
            onChange={(minutes) => put({ late_after: Number(minutes) || 1 })}
          />
        )}
        {set.error && <Trouble error={set.error} focus />}
        {changed && (
          <div className={classes.line}>
            <Button disabled={wrong} loading={set.isPending} onClick={save}>
              Save
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setSettings(pull.settings);
                setEnabled(pull.enabled);
              }}
            >
              Discard changes
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
