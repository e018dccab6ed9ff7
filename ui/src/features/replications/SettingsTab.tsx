/** How a replication finds, creates, updates and leaves alone, when it runs, and what it tells of. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { disabledFor } from '../../components/disabled';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ReplicationInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Replications.module.css';
import { Alerts } from './settings/Alerts';
import { Changes } from './settings/Changes';
import { Destination } from './settings/Destination';
import { changesOf, type Kept, keptOf } from './settings/kept';
import { Records } from './settings/Records';
import { Schedule } from './settings/Schedule';
import { Sending } from './settings/Sending';

/** Why nothing can be saved or discarded. */
const NOTHING = 'Nothing has changed';

export function SettingsTab({ replication }: { replication: ReplicationInfo }) {
  const { name, settings_version } = replication;
  return <Form key={`${name} ${settings_version}`} replication={replication} />;
}

function Form({ replication }: { replication: ReplicationInfo }) {
  const navigate = useNavigate();
  const set = useDo('replications.set');
  const was = keptOf(replication);
  const [now, setNow] = useState(was);
  const put = (part: Partial<Kept>) => setNow({ ...now, ...part });
  const changes = changesOf(was, now);
  const isChanged = Object.keys(changes).length > 0;
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { name: replication.name, settings: changes },
      {
        onSuccess: (saved) => {
          say('Saved.');
          if (saved.name === replication.name) return;
          const params = { name: saved.name, tab: 'settings' };
          void navigate({ to: '/replications/$name/$tab', params, replace: true });
        },
      },
    );
  };
  const card = { replication, now, put };
  return (
    <form onSubmit={save}>
      <Destination {...card} />
      <Records {...card} />
      <Changes {...card} />
      <Schedule {...card} />
      <Alerts {...card} />
      <Sending {...card} />
      {set.error && <Trouble error={set.error} focus />}
      <div className={classes.buttons}>
        <Button variant="default" {...disabledFor(!isChanged && NOTHING)} onClick={() => setNow(was)}>
          Discard changes
        </Button>
        <Button
          type="submit"
          {...disabledFor((!isChanged && NOTHING) || (!isComplete(now) && 'Complete the settings above'))}
          loading={set.isPending}
        >
          Save settings
        </Button>
      </div>
    </form>
  );
}

/** Tells whether every field that has to be filled in is; which one isn't says so itself. */
function isComplete({ name, identifier }: Kept): boolean {
  const needed = [name, identifier];
  return needed.every((text) => text.trim() !== '');
}
