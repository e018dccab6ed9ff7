/** One replication: which contacts it sends, as what, what a run would do, what waits, and what was sent. */
import { Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ComponentType, useState } from 'react';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Tabs } from '../../components/Tabs';
import { sentence, Trouble } from '../../components/Trouble';
import type { HeldRuns as Held, HostError, ReplicationInfo, SetUpPart } from '../../ipc/bindings';
import { useJobs } from '../../ipc/events';
import { useAsk, useDo } from '../../ipc/queries';
import { ConnectionStep } from './ConnectionStep';
import { CopyDialog, RemoveReplication } from './dialogs';
import { PlanTab } from './PlanTab';
import { QueueTab } from './QueueTab';
import { ReconciliationTab } from './ReconciliationTab';
import classes from './Replications.module.css';
import type { Wish } from './RunButton';
import { RunPage } from './RunPage';
import { RunsTab } from './RunsTab';
import { SegmentsTab } from './SegmentsTab';
import { SettingsTab } from './SettingsTab';
import { SetUpSteps } from './SetUpSteps';
import { WhoTab } from './WhoTab';
import { plural } from './words';

type Props = { Mapping: ComponentType<{ replication: string }> };

export function ReplicationScreen({ Mapping }: Props) {
  const { name = '', tab: asked } = useParams({ strict: false }) as { name?: string; tab?: string };
  const { run } = useSearch({ strict: false }) as { run?: number };
  const navigate = useNavigate();
  const shown = useAsk('replications.show', { name });
  const start = useDo('replications.run');
  const go = (to: string, search: { run?: number } = {}) =>
    void navigate({ to: '/replications/$name/$tab', params: { name, tab: to }, search });
  const begin = (wish: Wish) => {
    go('runs');
    // The page of the run is its record: it opens by itself, unless the user has gone elsewhere meanwhile.
    start
      .mutateAsync({ name, ...wish })
      .then(({ run: done }) => {
        const stays = /\/replications\/[^/]+\/runs$/.test(window.location.hash);
        if (done !== null && stays) go('runs', { run: done });
      })
      .catch(() => {});
  };
  const running = useJobs().find((job) => job.kind === 'run' && job.title === name);
  const replication = shown.data;
  // A setup goes on where it was left.
  const tab = asked ?? replication?.standing.set_up_at ?? 'plan';
  const isDraft = replication?.standing.runs === 0 && !replication.settings.consent_sync;
  const keepAt = useDo('replications.set_up_at');
  const [unsaved, setUnsaved] = useState<string | null>(null);
  const openPart = (part: SetUpPart) => {
    keepAt.mutate({ name, part });
    go(part);
  };

  return (
    <Page
      title={name}
      parent={
        replication?.settings.consent_sync
          ? { title: 'Consent', to: '/consents' }
          : { title: 'Replications', to: '/replications' }
      }
      about={replication && [goesTo(replication), replication.settings.about].filter(Boolean).join('. ')}
      actions={replication && <More replication={replication} />}
      below={
        <>
          <Tabs
            label={`Parts of ${name}`}
            open={ofSettings.has(tab) ? 'settings' : tab}
            onOpen={(id) => (isDraft && isPart(id) ? openPart(id) : go(id))}
            tabs={[
              ...(replication?.settings.consent_sync ? [] : ownTabs),
              { id: 'plan', name: 'Plan' },
              { id: 'queue', name: 'Queue', count: replication?.standing.blocked, stops: true },
              { id: 'runs', name: 'Runs', count: replication?.standing.runs },
              { id: 'reconciliation', name: 'Reconciliation' },
            ]}
          />
          {isDraft && (
            <SetUpSteps replication={replication} tab={tab} isUnsaved={unsaved === tab} onOpen={openPart} />
          )}
        </>
      }
      full={tab === 'mapping' || tab === 'queue' || (tab === 'runs' && run !== undefined)}
    >
      {shown.isError && <Trouble error={shown.error} retry={() => void shown.refetch()} />}
      {shown.isPending && <Rows />}
      {replication?.standing.held && <HeldRuns name={name} held={replication.standing.held} />}
      {replication && body(replication)}
    </Page>
  );

  function body(one: ReplicationInfo) {
    const onUnsaved = (is: boolean) => setUnsaved(is ? tab : null);
    switch (tab) {
      case 'connection':
        return <ConnectionStep replication={one} />;
      case 'details':
      case 'schedule':
        return <SettingsTab key={tab} replication={one} part={tab} onUnsaved={onUnsaved} />;
      case 'who':
        return <WhoTab replication={one} onUnsaved={onUnsaved} />;
      case 'segments':
        return <SegmentsTab replication={one} />;
      case 'mapping':
        return <Mapping replication={name} />;
      case 'settings':
        return <SettingsTab replication={one} />;
      case 'reconciliation':
        return <ReconciliationTab replication={one} />;
      case 'queue':
        return <QueueTab replication={one} />;
      case 'runs':
        return run === undefined ? (
          <RunsTab replication={one} onOpen={(id) => go('runs', { run: id })} failed={start.error} />
        ) : (
          <RunPage id={run} replication={one} onRun={begin} />
        );
      default:
        return (
          <PlanTab
            replication={one}
            running={running !== undefined || start.isPending}
            failed={start.error as HostError | null}
            onRun={begin}
          />
        );
    }
  }
}

/** What holds the scheduled runs, and what lets them go on. */
function HeldRuns({ name, held }: { name: string; held: Held }) {
  const release = useDo('replications.release');
  return (
    <div className={classes.held} role="status">
      <span>
        <strong>{sentence(held.reason)}</strong> Check the plan, then let scheduled runs go on, or run the
        replication yourself.
      </span>
      <Button
        size="xs"
        variant="default"
        loading={release.isPending}
        onClick={() => release.mutate({ name })}
      >
        Resume schedule
      </Button>
      {release.error && <Trouble error={release.error} />}
    </div>
  );
}

/** The parts of a setup that are on the tab of the settings. */
const ofSettings: ReadonlySet<string> = new Set(['connection', 'details', 'schedule']);

/** Tells whether a tab is a part of the setup. */
function isPart(tab: string): tab is SetUpPart {
  return ['who', 'segments', 'mapping', 'plan'].includes(tab);
}

/** What a consent sync has on the Consent screen. */
const ownTabs = [
  { id: 'who', name: 'Who' },
  { id: 'segments', name: 'Segments' },
  { id: 'mapping', name: 'Mapping' },
  { id: 'settings', name: 'Settings' },
];

function goesTo({ object, connection, settings }: ReplicationInfo) {
  if (settings.consent_sync && connection) return `Sends consent to ${plural(object)} in ${connection}`;
  return connection
    ? `Sends ${plural(object)} to ${connection}`
    : `Sends ${plural(object)}, no connection yet`;
}

function More({ replication }: { replication: ReplicationInfo }) {
  const set = useDo('replications.set');
  const [asked, setAsked] = useState<'copy' | 'remove' | null>(null);
  const { name, enabled } = replication;
  return (
    <>
      {set.error && <Trouble error={set.error} />}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconDots size={16} stroke={1.75} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => set.mutate({ name, settings: { enabled: !enabled } })}>
            {enabled ? 'Disable' : 'Resume'}
          </Menu.Item>
          <Menu.Item onClick={() => setAsked('copy')}>Use in another org…</Menu.Item>
          <Menu.Item color="red" onClick={() => setAsked('remove')}>
            Remove…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <CopyDialog replication={replication} opened={asked === 'copy'} onClose={() => setAsked(null)} />
      <RemoveReplication
        replication={replication}
        opened={asked === 'remove'}
        onClose={() => setAsked(null)}
      />
    </>
  );
}
