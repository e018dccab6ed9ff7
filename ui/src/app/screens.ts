/** The screens in the order of the work, for navigation, palette and shortcuts. */
import {
  IconActivity,
  IconArrowsExchange,
  IconBuilding,
  IconChartBar,
  IconCloudDownload,
  IconCloudSearch,
  IconFilter,
  IconHelp,
  IconHistory,
  IconLayoutDashboard,
  IconLock,
  IconPlugConnected,
  IconSettings,
  IconShieldCheck,
  IconStethoscope,
  IconUsers,
} from '@tabler/icons-react';

export type Screen = {
  name: string;
  to:
    | '/'
    | '/contacts'
    | '/accounts'
    | '/segments'
    | '/scores'
    | '/activities'
    | '/consents'
    | '/replications'
    | '/search'
    | '/pulls'
    | '/connections'
    | '/changes'
    | '/doctor'
    | '/help'
    | '/security'
    | '/settings';
  icon: typeof IconUsers;
  /** Pressed after G. */
  key: string;
};

export const work: readonly Screen[] = [
  { name: 'Overview', to: '/', icon: IconLayoutDashboard, key: 'o' },
  { name: 'Contacts', to: '/contacts', icon: IconUsers, key: 'c' },
  { name: 'Accounts', to: '/accounts', icon: IconBuilding, key: 'a' },
  { name: 'Activities', to: '/activities', icon: IconActivity, key: 'i' },
  { name: 'Segments', to: '/segments', icon: IconFilter, key: 'm' },
  { name: 'Scores', to: '/scores', icon: IconChartBar, key: 'p' },
  { name: 'Consent', to: '/consents', icon: IconShieldCheck, key: 'e' },
  { name: 'Replications', to: '/replications', icon: IconArrowsExchange, key: 'r' },
  { name: 'Salesforce', to: '/search', icon: IconCloudSearch, key: 's' },
  { name: 'Pulls', to: '/pulls', icon: IconCloudDownload, key: 'l' },
  { name: 'Connections', to: '/connections', icon: IconPlugConnected, key: 'n' },
];

export const rest: readonly Screen[] = [
  { name: 'Recent changes', to: '/changes', icon: IconHistory, key: 'u' },
  { name: 'Error doctor', to: '/doctor', icon: IconStethoscope, key: 'd' },
  { name: 'Help', to: '/help', icon: IconHelp, key: 'h' },
  { name: 'Security', to: '/security', icon: IconLock, key: 'y' },
  { name: 'Settings', to: '/settings', icon: IconSettings, key: 't' },
];
