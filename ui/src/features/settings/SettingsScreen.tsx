/** Appearance, what the workspace keeps and for how long, and the folders. */
import {
  Button,
  type MantineColorScheme,
  SegmentedControl,
  Select,
  TextInput,
  useMantineColorScheme,
} from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { CopyText } from '../../components/CopyText';
import { chosenLocale, LOCALES, setLocale, systemLocale } from '../../components/locale';
import { NumberField } from '../../components/NumberField';
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
    <div className={classes.form}>
      <SegmentedControl
        aria-label="Colors"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as MantineColorScheme)}
        data={[
          { value: 'auto', label: 'Match system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
      />
      <NumbersAndDates />
    </div>
  );
}

const SYSTEM = 'system';

function NumbersAndDates() {
  const set = useDo('shell.set_preference');
  return (
    <Select
      label="Numbers and dates"
      allowDeselect={false}
      data={[
        { value: SYSTEM, label: `Match system: ${sampleOf(systemLocale())}` },
        ...LOCALES.map((tag) => ({ value: tag, label: sampleOf(tag) })),
      ]}
      value={chosenLocale() ?? SYSTEM}
      onChange={(value) => {
        const tag = value === SYSTEM ? null : value;
        set.mutate({ key: 'locale', value: tag });
        setLocale(tag);
      }}
    />
  );
}

/** Returns a number and a date as a locale writes them, with its name. */
function sampleOf(tag: string): string {
  const name = new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
  const number = new Intl.NumberFormat(tag).format(12_345.6);
  const date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' }).format(new Date(2026, 10, 29));
  return `${number} and ${date} (${name})`;
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
      { onSuccess: () => say('Settings saved.') },
    );
  };
  return (
    <Card
      title="Workspace"
      about={`${bytes(workspace.bytes)}, ${counted(workspace.backups.length, 'daily backup')}`}
    >
      <form onSubmit={save} className={classes.form}>
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <NumberField
          label="Keep sent values for (days)"
          min={1}
          whole
          value={historyDays}
          onChange={setHistoryDays}
        />
        <NumberField
          label="Daily backups to keep"
          min={0}
          whole
          value={backupsKept}
          onChange={setBackupsKept}
        />
        {error && <Trouble error={error} />}
        <div className={classes.buttons}>
          <Button type="submit" disabled={!changed || !name.trim()} loading={set.isPending}>
            Save settings
          </Button>
          <Button
            variant="default"
            loading={backup.isPending}
            onClick={() =>
              backup.mutate({}, { onSuccess: (made) => made && say(`Backup saved to ${made.path}.`) })
            }
          >
            Back up now…
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
    <Card title="Folders" about={`Leadferry ${about.version}, ${about.licence}`}>
      <dl className={classes.places}>
        {open && (
          <>
            <dt>Workspace</dt>
            <dd>
              <CopyText text={open.path} label="the workspace’s path" />
            </dd>
          </>
        )}
        <dt>App data</dt>
        <dd>
          <CopyText text={about.data_folder} label="the data folder" />
        </dd>
        <dt>Log files (no contact data)</dt>
        <dd>
          <CopyText text={about.logs_folder} label="the logs folder" />
        </dd>
      </dl>
    </Card>
  );
}
