/** What can be done from anywhere. */
import { useMantineColorScheme } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconChartBar,
  IconCheckbox,
  IconDatabaseExport,
  IconDatabaseImport,
  IconDeviceFloppy,
  IconFileImport,
  IconFilter,
  IconFolderOpen,
  IconInfoCircle,
  IconKeyboard,
  IconLink,
  IconMoon,
  IconPlugConnected,
  IconPlus,
  IconShieldCheck,
  IconSun,
  IconSunMoon,
  IconUserPlus,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Action } from '../../components/actions';
import { counted } from '../../components/numbers';
import { inWords } from '../../components/Trouble';
import { say } from '../../components/undo';
import { asHostError } from '../../ipc/call';
import { useAsk, useDo } from '../../ipc/queries';
import { showShortcuts } from '../ShortcutsDialog';
import { summon } from '../summons';
import { useZoom } from '../useZoom';

export type Act = Action & {
  icon?: typeof IconFilter;
  /** It is about one thing, which is found by its own name, too. */
  ofOne?: true;
};

export function useActs(): Act[] {
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const zoom = useZoom();
  const isOpen = Boolean(useAsk('workspaces.current', {}).data);
  const segments = useAsk('segments.list', {}, { enabled: isOpen }).data ?? [];
  const replications = useAsk('replications.list', {}, { enabled: isOpen }).data ?? [];
  const exporting = useDo('segments.export');
  const pick = useDo('shell.pick_place');
  const open = useDo('workspaces.open');
  const backup = useDo('workspaces.backup');
  const failed = (error: unknown) => say(inWords(asHostError(error)));
  const write = async (segment: string) => {
    const place = await pick.mutateAsync({ what: 'csv', name: `${segment}.csv` });
    if (!place) return;
    const members = await exporting.mutateAsync({ segment, place });
    say(`${counted(members, 'contact')} saved to ${place}.`);
  };
  const act = (label: string, icon: Act['icon'], run: () => void, hint?: string): Act => ({
    id: label,
    label,
    icon,
    act: run,
    ...(hint ? { hint } : {}),
  });
  const appearance = [
    act('Switch to dark mode', IconMoon, () => setColorScheme('dark')),
    act('Switch to light mode', IconSun, () => setColorScheme('light')),
    act('Match system appearance', IconSunMoon, () => setColorScheme('auto')),
  ].filter((_, at) => ['dark', 'light', 'auto'][at] !== colorScheme);
  const general = [
    ...appearance,
    act('Zoom in', IconZoomIn, zoom.zoomIn, 'Ctrl +'),
    act('Zoom out', IconZoomOut, zoom.zoomOut, 'Ctrl −'),
    act('Reset zoom', IconZoomOut, zoom.reset, 'Ctrl 0'),
    act('New workspace', IconDeviceFloppy, () => summon('new workspace')),
    act('Open workspace', IconFolderOpen, () => open.mutate({}, { onError: failed })),
    act('Keyboard shortcuts', IconKeyboard, showShortcuts, '?'),
    act('About Leadferry', IconInfoCircle, () => summon('about')),
  ];
  if (!isOpen) return general;
  return [
    act('Import contacts', IconFileImport, () => void navigate({ to: '/contacts/import' })),
    act(
      'Export contacts',
      IconDatabaseExport,
      () => void navigate({ to: '/contacts', search: { ask: 'export' } }),
    ),
    act('New contact', IconUserPlus, () => void navigate({ to: '/contacts', search: { new: true } })),
    act('New segment', IconFilter, () => void navigate({ to: '/new-segment' })),
    act('New score', IconChartBar, () => void navigate({ to: '/scores', search: { new: true } })),
    act(
      'New replication',
      IconArrowsExchange,
      () => void navigate({ to: '/replications', search: { new: true } }),
    ),
    act('New…', IconPlus, () => void navigate({ to: '/new' })),
    act('New pull', IconDatabaseImport, () => void navigate({ to: '/new-pull' })),
    act('New consent sync', IconShieldCheck, () => void navigate({ to: '/consents', search: { new: true } })),
    act('Find links', IconLink, () => void navigate({ to: '/find-links' })),
    act('Connect Salesforce', IconPlugConnected, () => void navigate({ to: '/connections/new' })),
    ...replications.map(({ name }) =>
      ofOne(
        act(
          `Plan ${name}`,
          IconCheckbox,
          () => void navigate({ to: '/replications/$name/$tab', params: { name, tab: 'plan' } }),
        ),
      ),
    ),
    ...segments.map(({ name }) =>
      ofOne(act(`Export segment ${name}`, IconDatabaseExport, () => void write(name).catch(failed))),
    ),
    act('Undo a change to contacts', IconArrowBackUp, () => void navigate({ to: '/changes' })),
    act('Back up workspace', IconDeviceFloppy, () =>
      backup.mutate(
        {},
        { onSuccess: (made) => made && say(`Backup saved to ${made.path}.`), onError: failed },
      ),
    ),
    ...general,
  ];
}

function ofOne(act: Act): Act {
  return { ...act, ofOne: true };
}
