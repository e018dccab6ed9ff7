/** Sample answers for the frame. `?dark` in the address shows the dark scheme, `?empty` no workspace. */
import type { WorkspaceInfo } from '../ipc/bindings';

const workspace: WorkspaceInfo = {
  path: '/home/mia/Documents/Halden Outdoor.leadferry',
  name: 'Halden Outdoor',
  time_zone: 'Europe/Oslo',
  read_only: false,
  stands_in_for: null,
  on_network: false,
  approved: true,
  bytes: 184_320_000,
  history_days: 400,
  backups_kept: 3,
  backups: [],
  counts: {
    contacts: 128_406,
    accounts: 9_120,
    scores: 1,
    connections: 1,
    replications: 1,
    imports: 4,
    custom_fields: 3,
  },
};

const asked = new URLSearchParams(window.location.search);

export const answers = {
  'workspaces.current': asked.has('empty') ? null : workspace,
  'shell.preference': ({ key }: { key: string }) =>
    key === 'color_scheme' ? (asked.has('dark') ? 'dark' : 'light') : null,
  'shell.set_preference': null,
  'jobs.list': [],
  'queue.list': {
    counts: { blocked: 7, pending: 1514 },
    figures: { waiting: 1514, blocked: 7, sent: 690, held: 0 },
    entries: [],
    total: 0,
    next: null,
  },
  'connections.list': [
    {
      id: 1,
      name: 'Acme',
      flow: 'browser',
      host: 'https://acme.my.salesforce.com',
      client_id: '3MVG9',
      callback_port: null,
      has_secret: false,
      vault: 'keychain',
      org_id: '00D000000000001AAA',
      org_name: 'Acme',
      edition: 'Enterprise Edition',
      sandbox: false,
      user_id: '005000000000001AAA',
      username: 'mia@acme.example',
      instance_url: 'https://acme.my.salesforce.com',
      api_version: 66,
      allowance: { used: 788, max: 15_000, seen_at: Date.now() - 60_000 },
      budget: { used: 788, ours: 12, max: 15_000, reserve: 0, room: 14_212, lasts_until: null },
      signed_in_at: Date.now() - 86_400_000,
      facts: {
        user_name: 'Mia Halden',
        profile: 'Marketing User',
        scopes: 'api refresh_token',
        refreshable: true,
        checked_at: Date.now() - 3_600_000,
        trouble: null,
      },
    },
  ],
  'replications.list': [],
  'alerts.list': {
    unseen: 1,
    alerts: [
      {
        id: 2,
        kind: 'sign_in_lost',
        replication: 'Newsletter leads',
        score: null,
        contact: null,
        run: null,
        message: 'the session has ended; sign in again',
        times: 3,
        at: Date.now() - 120_000,
        seen: false,
      },
      {
        id: 1,
        kind: 'score_reached',
        replication: null,
        score: 'Engagement',
        contact: '0'.repeat(32),
        run: null,
        message: 'Camille Laurent reached 50 in Engagement',
        times: 1,
        at: Date.now() - 7_200_000,
        seen: true,
      },
    ],
  },
};
