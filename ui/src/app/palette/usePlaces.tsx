/** The places to go: screens, contacts, segments, scores, replications, connections and settings. */
import { Kbd } from '@mantine/core';
import {
  IconAdjustments,
  IconArrowsExchange,
  IconChartBar,
  IconFilter,
  IconPlugConnected,
  IconUser,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAsk } from '../../ipc/queries';
import { rest, work } from '../screens';
import { isMatch } from './matching';

export type PlaceFound = {
  id: string;
  label: string;
  description?: string;
  icon: typeof IconUser;
  beside?: ReactNode;
  go: () => void;
};
export type PlaceGroup = { group: string; places: PlaceFound[] };

/** What the settings are called, and other words that people look for them by. */
const SETTINGS = [
  ['Appearance', 'theme dark light colors'],
  ['Numbers and dates', 'locale language region format'],
  ['Workspace name', 'rename'],
  ['Keep sent values', 'history days retention'],
  ['Backups', 'copies daily'],
  ['Workspace folder and log files', 'path place version'],
] as const;

const CONTACTS = 6;

export function usePlaces(typed: string): PlaceGroup[] {
  const navigate = useNavigate();
  const text = typed.trim();
  const isOpen = Boolean(useAsk('workspaces.current', {}).data);
  const asks = { enabled: isOpen };
  const contacts = useAsk(
    'contacts.page',
    { filter: { text }, columns: ['email', 'company_name'], from: 0, limit: CONTACTS },
    { enabled: isOpen && text !== '', keep: true },
  );
  const segments = useAsk('segments.list', {}, asks).data ?? [];
  const scores = useAsk('scores.list', {}, asks).data ?? [];
  const replications = useAsk('replications.list', {}, asks).data ?? [];
  const connections = useAsk('connections.list', {}, asks).data ?? [];
  const rows = text === '' ? [] : (contacts.data?.rows ?? []);
  const named = (group: string, icon: PlaceFound['icon'], names: string[], go: (name: string) => void) => ({
    group,
    places: names
      .filter((name) => text !== '' && isMatch(name, text))
      .map((name) => ({ id: `${group} ${name}`, label: name, icon, go: () => go(name) })),
  });
  const groups = [
    {
      group: 'Go to',
      places: [...work, ...rest]
        .filter(({ name }) => isMatch(name, text))
        .map(({ name, to, key, icon }) => ({
          id: to,
          label: name,
          icon,
          beside: <Kbd>{`G ${key.toUpperCase()}`}</Kbd>,
          go: () => void navigate({ to }),
        })),
    },
    {
      group: 'Contacts',
      places: rows.map(({ guid, name, cells }) => ({
        id: guid,
        label: name,
        description: cells.filter((cell) => cell !== null && cell !== name).join(', '),
        icon: IconUser,
        go: () => void navigate({ to: '/contacts', search: { open: guid } }),
      })),
    },
    named(
      'Segments',
      IconFilter,
      segments.map(({ name }) => name),
      (name) => void navigate({ to: '/segments/$name', params: { name } }),
    ),
    named(
      'Replications',
      IconArrowsExchange,
      replications.map(({ name }) => name),
      (name) => void navigate({ to: '/replications/$name', params: { name } }),
    ),
    named(
      'Scores',
      IconChartBar,
      scores.map(({ name }) => name),
      (name) => void navigate({ to: '/scores/$name', params: { name } }),
    ),
    named(
      'Connections',
      IconPlugConnected,
      connections.map(({ name }) => name),
      (name) => void navigate({ to: '/connections/$name/details', params: { name } }),
    ),
    {
      group: 'Settings',
      places: SETTINGS.filter(
        ([name, words]) => text !== '' && isMatch(`${name} ${words} settings`, text),
      ).map(([name]) => ({
        id: `setting ${name}`,
        label: name,
        icon: IconAdjustments,
        go: () => void navigate({ to: '/settings' }),
      })),
    },
  ];
  return groups.filter(({ places }) => places.length > 0);
}
