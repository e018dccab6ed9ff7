/** What raises an alert. Alerts that can't come up aren't shown. */
import { Switch } from '@mantine/core';
import { Card } from '../../../components/Card';
import { NumberField } from '../../../components/NumberField';
import type { AlertKind } from '../../../ipc/bindings';
import { wayOf } from '../../../words/schedules';
import { Line, Lines } from '../Lines';
import type { CardProps } from './kept';

const kinds: readonly (readonly [AlertKind, string])[] = [
  ['finished', 'A run sent contacts'],
  ['partly_failed', 'Some contacts are blocked, or fields changed in Salesforce'],
  ['failed', 'A run failed or was stopped'],
  ['late', 'A scheduled run is late'],
  ['sign_in_lost', 'The connection needs you to sign in again'],
  ['api_low', 'Few API calls remain'],
];

const MOST_MINUTES = 10_080;

export function Alerts({ now, put }: CardProps) {
  const isManual = wayOf(now.schedule) === 'manual';
  return (
    <Card title="Alerts" about="Shown on the desktop and in the list behind the bell.">
      <Lines>
        {kinds
          .filter(([kind]) => kind !== 'late' || !isManual)
          .map(([kind, label]) => (
            <Line key={kind} label={label}>
              <Switch
                aria-label={`Alert: ${label}`}
                checked={now.alerts.includes(kind)}
                onChange={(event) => put({ alerts: switched(now.alerts, kind, event.currentTarget.checked) })}
              />
            </Line>
          ))}
        {now.alerts.includes('late') && !isManual && (
          <Line label="Late after (minutes)">
            <NumberField
              aria-label="Late after (minutes)"
              min={1}
              max={MOST_MINUTES}
              whole
              value={now.late_after}
              onChange={(minutes) => put({ late_after: Number(minutes) })}
            />
          </Line>
        )}
        {now.alerts.includes('api_low') && (
          <Line label="Warn when fewer than this percentage of API calls remain">
            <NumberField
              aria-label="Warn when fewer than this percentage of API calls remain"
              min={1}
              max={99}
              whole
              value={now.api_low_at}
              onChange={(percent) => put({ api_low_at: Number(percent) })}
            />
          </Line>
        )}
      </Lines>
    </Card>
  );
}

/** Returns the kinds in their order with one switched; the same list as before where nothing changes. */
function switched(all: AlertKind[], kind: AlertKind, on: boolean): AlertKind[] {
  return kinds.map(([one]) => one).filter((one) => (one === kind ? on : all.includes(one)));
}
