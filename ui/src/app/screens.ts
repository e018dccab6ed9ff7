/** The screens in the order of the work, for navigation, palette and shortcuts. */
import {
  IconArrowsExchange,
  IconLayoutDashboard,
  IconPlugConnected,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';

export type Screen = {
  name: string;
  to: '/' | '/contacts' | '/replications' | '/connections' | '/settings';
  icon: typeof IconUsers;
  /** Pressed after G. */
  key: string;
};

export const work: readonly Screen[] = [
  { name: 'Overview', to: '/', icon: IconLayoutDashboard, key: 'o' },
  { name: 'Contacts', to: '/contacts', icon: IconUsers, key: 'c' },
  { name: 'Replications', to: '/replications', icon: IconArrowsExchange, key: 'r' },
  { name: 'Connections', to: '/connections', icon: IconPlugConnected, key: 'n' },
];

export const rest: readonly Screen[] = [{ name: 'Settings', to: '/settings', icon: IconSettings, key: 't' }];
