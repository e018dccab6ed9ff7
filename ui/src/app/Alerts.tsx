/** The bell of the status bar: alerts, the latest first. */
import { Button, Popover, UnstyledButton } from '@mantine/core';
import { IconBell, IconBellRinging } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../components/Ago';
import { Chip, type Tone } from '../components/Chip';
import { count, counted } from '../components/numbers';
import { sentence } from '../components/Trouble';
import type { Alert, AlertKind } from '../ipc/bindings';
import { useAsk, useDo } from '../ipc/queries';
import classes from './Alerts.module.css';

const words: Record<AlertKind, { word: string; tone: Tone }> = {
  finished: { word: 'Finished', tone: 'done' },
  partly_failed: { word: 'Needs attention', tone: 'look' },
  failed: { word: 'Failed', tone: 'fail' },
  late: { word: 'Late', tone: 'look' },
  sign_in_lost: { word: 'Sign in again', tone: 'fail' },
  api_low: { word: 'Few API calls', tone: 'look' },
  score_reached: { word: 'Points reached', tone: 'accent' },
  damaged: { word: 'Damaged', tone: 'fail' },
};

export function Alerts({ open }: { open: boolean }) {
  const list = useAsk('alerts.list', {}, { enabled: open }).data;
  const seen = useDo('alerts.seen');
  const [shown, setShown] = useState(false);
  const unseen = list?.unseen ?? 0;
  const alerts = list?.alerts ?? [];
  const Icon = unseen > 0 ? IconBellRinging : IconBell;
  return (
    <Popover opened={shown} onChange={setShown} position="top-start" width={440} trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={unseen > 0 ? `${classes.bell} ${classes.unseen}` : classes.bell}
          aria-label={unseen > 0 ? `Alerts: ${count(unseen)} new` : 'Alerts'}
          onClick={() => setShown(!shown)}
        >
          <Icon size={14} stroke={1.75} aria-hidden />
          {unseen > 0 && <span className="num">{count(unseen)}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label="Alerts">
        <div className={classes.head}>
          <strong>Alerts</strong>
          {unseen > 0 && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => seen.mutate({ until: Math.max(...alerts.map((alert) => alert.id)) })}
            >
              Mark all as seen
            </Button>
          )}
        </div>
        {alerts.length === 0 ? (
          <p className={classes.quiet}>
            No alerts yet. Choose what you’re alerted to in the settings of each replication, score and pull.
          </p>
        ) : (
          <ul className={classes.list}>
            {alerts.map((alert) => (
              <Line key={alert.id} alert={alert} close={() => setShown(false)} />
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function Line({ alert, close }: { alert: Alert; close: () => void }) {
  const navigate = useNavigate();
  const { word, tone } = words[alert.kind];
  const go = () => {
    close();
    if (alert.replication) {
      const tab = alert.run === null ? 'plan' : 'runs';
      void navigate({
        to: '/replications/$name/$tab',
        params: { name: alert.replication, tab },
        search: alert.run === null ? {} : { run: alert.run },
      });
    } else if (alert.contact && alert.times === 1) {
      void navigate({ to: '/contacts', search: { open: alert.contact } });
    } else if (alert.pull) {
      void navigate({ to: '/pulls/$name', params: { name: alert.pull } });
    } else if (alert.score) {
      void navigate({ to: '/scores/$name', params: { name: alert.score } });
    }
  };
  return (
    <li className={alert.seen ? classes.old : undefined}>
      <div className={classes.what}>
        <Chip tone={tone}>{word}</Chip>
        <UnstyledButton className={classes.of} onClick={go}>
          {alert.replication ?? alert.score ?? alert.pull ?? 'This workspace'}
        </UnstyledButton>
        <span className={classes.when}>
          {alert.times > 1 && alert.kind !== 'score_reached' && `${counted(alert.times, 'time')}, last `}
          <Ago at={alert.at} />
        </span>
      </div>
      <p className={classes.message}>{sentence(alert.message)}</p>
    </li>
  );
}
