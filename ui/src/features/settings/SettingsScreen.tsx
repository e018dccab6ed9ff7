/** How the window looks, what the workspace is and keeps, and where things are. */
import {
  Button,
  type MantineColorScheme,
  NumberInput,
  SegmentedControl,
  TextInput,
  useMantineColorScheme,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { CopyText } from '../../components/CopyText';
import { bytes, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { WorkspaceInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './SettingsScreen.module.css';

export function SettingsScreen() {
  const open = useAsk('workspaces.current', {});
  return (
    <Page title="Settings">
      <Card title="Appearance">
        <Appearance />
      </Card>
      {open.isError && <Trouble error={open.error} retry={() => void open.refetch()} />}
      {open.isPending && <Rows />}
      {open.data && <Workspace key={open.data.path} workspace={open.data} />}
      <Places />
    </Page>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label="Colours"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
      data={[
        { value: 'auto', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}

function Workspace({ workspace }: { workspace: WorkspaceInfo }) {
  const set = useDo('workspaces.set');
  const backup = useDo('workspaces.backup');
  const [name, setName] = useState(workspace.name);
  const [historyDays, setHistoryDays] = useState<number | string>(workspace.history_days);
  const [backupsKept, setBackupsKept] = useState<number | string>(workspace.backups_kept);
  const changed =
    name !== workspace.name ||
    Number(historyDays) !== workspace.history_days ||
    Number(backupsKept) !== workspace.backups_kept;
  const error = set.error ?? backup.error;
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { name: name.trim(), history_days: Number(historyDays), backups_kept: Number(backupsKept) },
      { onSuccess: () => say('Saved.') },
    );
  };
  return (
    <Card
      title="Workspace"
      about={`${bytes(workspace.bytes)}, ${counted(workspace.backups.length, 'daily backup')}`}
    >
      <form onSubmit={save} className={classes.form}>
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <NumberInput
          label="Days that the history keeps what was sent"
          min={1}
          allowDecimal={false}
          value={historyDays}
          onChange={setHistoryDays}
        />
        <NumberInput
          label="Daily backups kept"
          min={0}
          allowDecimal={false}
          value={backupsKept}
          onChange={setBackupsKept}
        />
        {error && <Trouble error={error} />}
        <div className={classes.buttons}>
          <Button type="submit" disabled={!changed || !name.trim()} loading={set.isPending}>
            Save the settings
          </Button>
          <Button
            variant="default"
            loading={backup.isPending}
            onClick={() =>
              backup.mutate({}, { onSuccess: (made) => made && say(`The copy is at ${made.path}.`) })
            }
          >
            Make a copy now…
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Places() {
  const about = useAsk('help.about', {}).data;
  const open = useAsk('workspaces.current', {}).data;
  if (!about) return null;
  return (
    <Card title="Where things are" about={`Leadferry ${about.version}, ${about.licence}`}>
      <dl className={classes.places}>
        {open && (
          <>
            <dt>Workspace</dt>
            <dd>
              <CopyText text={open.path} label="the workspace’s place" />
            </dd>
          </>
        )}
        <dt>Data of the app</dt>
        <dd>
          <CopyText text={about.data_folder} label="the data folder" />
        </dd>
        <dt>Logs, without anything of contacts</dt>
        <dd>
          <CopyText text={about.logs_folder} label="the logs folder" />
        </dd>
      </dl>
    </Card>
  );
}
