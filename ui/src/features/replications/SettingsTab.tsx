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
import { useUnsaved } from './useUnsaved';

/** Why nothing can be saved or discarded. */
const NOTHING = 'Nothing has changed';

type Props = {
  replication: ReplicationInfo;
  /** The part of a setup that is shown; all settings without it. */
  part?: 'details' | 'schedule';
  /** Tells whether something is changed and not saved. */
  onUnsaved?: (isUnsaved: boolean) => void;
};

export function SettingsTab(props: Props) {
  const { name, settings_version } = props.replication;
  return <Form key={`${name} ${settings_version}`} {...props} />;
}

function Form({ replication, part, onUnsaved }: Props) {
  const navigate = useNavigate();
  const set = useDo('replications.set');
  const was = keptOf(replication);
  const [now, setNow] = useState(was);
  const put = (part: Partial<Kept>) => setNow({ ...now, ...part });
  const changes = changesOf(was, now);
  const isChanged = Object.keys(changes).length > 0;
  useUnsaved(isChanged, onUnsaved);
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { name: replication.name, settings: changes },
      {
        onSuccess: (saved) => {
          say('Saved.');
          if (saved.name === replication.name) return;
          const params = { name: saved.name, tab: part ?? 'settings' };
          void navigate({ to: '/replications/$name/$tab', params, replace: true });
        },
      },
    );
  };
  const card = { replication, now, put };
  return (
    <form onSubmit={save}>
      {part !== 'schedule' && (
        <>
          <Destination {...card} />
          <Records {...card} />
          <Changes {...card} />
        </>
      )}
      {part !== 'details' && <Schedule {...card} />}
      {part !== 'schedule' && <Alerts {...card} />}
      {part !== 'details' && <Sending {...card} />}
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
