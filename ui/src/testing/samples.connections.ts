/** Connections. Recorded answers of the engine, shortened. */
import type { ConnectionDetails, ConnectionInfo, SecurityFacts, SetUpValues } from '../ipc/bindings';

export const practice: ConnectionInfo = {
  budget: { used: 20, ours: 20, max: 100000, reserve: 0, room: 99980, lasts_until: null },
  allowance: {
    max: 100000,
    seen_at: 1795739306158,
    used: 20,
  },
  api_version: 67,
  callback_port: null,
  client_id: null,
  edition: 'Developer Edition',
  facts: {
    checked_at: null,
    profile: null,
    refreshable: null,
    renewed_at: null,
    scopes: null,
    trouble: null,
    user_name: null,
  },
  flow: 'practice',
  has_secret: false,
  host: null,
  id: 1,
  instance_url: 'http://127.0.0.1:18601/',
  name: 'Practice',
  org_id: '00D7Q0000281NvCUAU',
  org_name: 'Practice Org',
  sandbox: false,
  signed_in_at: 1795739305698,
  user_id: '0057Q0000000001QAA',
  username: 'admin@practice.example',
  vault: null,
};

export const values: SetUpValues = {
  app_name: 'Leadferry on vm',
  callbacks: [
    'http://localhost:18533/oauth/callback',
    'http://localhost:28533/oauth/callback',
    'http://localhost:38533/oauth/callback',
  ],
  scopes: [
    {
      granted: null,
      label: 'Manage user data via APIs',
      name: 'api',
    },
    {
      granted: null,
      label: 'Perform requests at any time',
      name: 'refresh_token',
    },
  ],
};

export const details: ConnectionDetails = {
  connection: {
    allowance: {
      max: 100000,
      seen_at: 1795739306158,
      used: 20,
    },
    api_version: 67,
    callback_port: null,
    client_id: null,
    edition: 'Developer Edition',
    facts: {
      checked_at: null,
      profile: null,
      refreshable: null,
      renewed_at: null,
      scopes: null,
      trouble: null,
      user_name: null,
    },
    flow: 'practice',
    has_secret: false,
    host: null,
    id: 1,
    instance_url: 'http://127.0.0.1:18601/',
    name: 'Practice',
    org_id: '00D7Q0000281NvCUAU',
    org_name: 'Practice Org',
    sandbox: false,
    signed_in_at: 1795739305698,
    user_id: '0057Q0000000001QAA',
    username: 'admin@practice.example',
    vault: null,
  },
  replications: ['Leads'],
  rights: [
    {
      create: true,
      fields: 55,
      identifier: 'Leadferry_ID__c',
      object: 'Lead',
      read: true,
      seen_at: 1795739305992,
      update: true,
    },
    {
      create: true,
      fields: 59,
      identifier: null,
      object: 'Contact',
      read: true,
      seen_at: 1795739305711,
      update: true,
    },
  ],
  scopes: [],
  warnings: [],
};

export const security: SecurityFacts = {
  connections: [
    {
      has_secret: false,
      has_sign_in: false,
      host: null,
      name: 'Practice',
      vault: null,
    },
  ],
  keychain: true,
  data_folder: '/home/mia/.local/share/leadferry',
  sealed_file: '/home/mia/.local/share/leadferry/secrets.age',
  sealed_file_exists: false,
  vault: 'file',
  workspace: 'p.leadferry',
};
