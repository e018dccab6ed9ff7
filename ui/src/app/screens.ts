/** The screens in the order of the work, for navigation, palette and shortcuts. */
import {
  IconArrowsExchange,
  IconCloudSearch,
  IconHelpCircle,
  IconLayoutDashboard,
  IconPlugConnected,
  IconSettings,
  IconTarget,
  IconUsers,
} from '@tabler/icons-react';

export type Screen = {
  name: string;
  to:
    | '/'
    | '/contacts'
    | '/scores'
    | '/replications'
    | '/salesforce'
    | '/connections'
    | '/settings'
    | '/help';
  icon: typeof IconUsers;
  /** Pressed after G. */
  key: string;
};

export const work: readonly Screen[] = [
  { name: 'Overview', to: '/', icon: IconLayoutDashboard, key: 'o' },
  { name: 'Contacts', to: '/contacts', icon: IconUsers, key: 'c' },
  { name: 'Scores', to: '/scores', icon: IconTarget, key: 's' },
  { name: 'Replications', to: '/replications', icon: IconArrowsExchange, key: 'r' },
  { name: 'Salesforce', to: '/salesforce', icon: IconCloudSearch, key: 'l' },
  { name: 'Connections', to: '/connections', icon: IconPlugConnected, key: 'n' },
];

export const rest: readonly Screen[] = [
  { name: 'Help', to: '/help', icon: IconHelpCircle, key: 'h' },
  { name: 'Settings', to: '/settings', icon: IconSettings, key: 't' },
];
