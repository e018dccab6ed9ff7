/** Connections. Recorded answers of the engine, shortened. */
import type {
  ConnectionDetails,
  ConnectionInfo,
  FlowChoice,
  Guide,
  SecurityFacts,
  SigningKey,
} from '../ipc/bindings';

export const practice: ConnectionInfo = {
  certificate_warning: null,
  budget: { used: 20, ours: 20, max: 100000, reserve: 0, room: 99980, lasts_until: null },
  allowance: {
    max: 100000,
    seen_at: 1795739306158,
    used: 20,
  },
  api_version: 67,
  callback_port: null,
  certificate_expires_at: null,
  client_id: null,
  edition: 'Developer Edition',
  facts: {
    checked_at: null,
    profile: null,
    refreshable: null,
    token_is_jwt: null,
    renewed_at: null,
    key_entered_at: null,
    seen_address: null,
    scopes: null,
    trouble: null,
    user_name: null,
  },
  flow: 'practice',
  has_secret: false,
  host: null,
  id: 1,
  instance_url: 'http://127.0.0.1:18601/',
  jwt: { key_id: null, audience: null, lifetime_s: null },
  name: 'Practice',
  org_id: '00D7Q0000281NvCUAU',
  org_name: 'Practice Org',
  sandbox: false,
  signed_in_at: 1795739305698,
  user_id: '0057Q0000000001QAA',
  username: 'admin@practice.example',
  vault: null,
};

export const flows: FlowChoice[] = [
  {
    flow: 'browser',
    title: 'Sign in with your browser',
    when: 'Best for most people: you sign in on Salesforce’s own page.',
    discouraged: false,
  },
  {
    flow: 'client_credentials',
    title: 'Sign in as the app (client credentials)',
    when: 'For an integration user of its own.',
    discouraged: false,
  },
  {
    flow: 'password',
    title: 'Username and password',
    when: 'Only where nothing else works.',
    discouraged: true,
  },
];

/** A guide of three steps; the real ones are longer. */
export const guide: Guide = {
  flow: 'browser',
  generation: 'external_client_app',
  generations: [
    { generation: 'external_client_app', label: 'External Client App (current)' },
    { generation: 'lightning', label: 'Connected App in Lightning (before 2026)' },
  ],
  title: 'Set up an External Client App for signing in with the browser',
  steps: [
    {
      id: 'app',
      title: 'Choose New External Client App',
      how: 'Fill in the basic information.',
      values: [
        { field: 'External Client App Name', value: 'Leadferry on vm', required: true, note: '' },
        { field: 'Contact Email', value: '', required: true, note: 'Your own email' },
      ],
    },
    {
      id: 'callback',
      title: 'Paste the callback URLs',
      how: 'One on each line.',
      values: [
        {
          field: 'Callback URL',
          value: 'http://localhost:18533/oauth/callback',
          required: true,
          note: '',
        },
        {
          field: 'Callback URL',
          value: 'http://localhost:28533/oauth/callback',
          required: false,
          note: '',
        },
      ],
    },
    {
      id: 'key',
      title: 'Save, and copy the consumer key',
      how: 'A new app can take up to 10 minutes.',
      values: [],
    },
  ],
  needs: [{ name: 'Consumer key', example: '3MVG9…', required: true, secret: false }],
  callbacks: ['http://localhost:18533/oauth/callback', 'http://localhost:28533/oauth/callback'],
  text: 'Set up an External Client App for signing in with the browser\n',
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
    certificate_expires_at: null,
    client_id: null,
    edition: 'Developer Edition',
    facts: {
      checked_at: null,
      profile: null,
      refreshable: null,
      token_is_jwt: null,
      renewed_at: null,
      key_entered_at: null,
      seen_address: null,
      scopes: null,
      trouble: null,
      user_name: null,
    },
    flow: 'practice',
    has_secret: false,
    host: null,
    id: 1,
    instance_url: 'http://127.0.0.1:18601/',
    jwt: { key_id: null, audience: null, lifetime_s: null },
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
      has_key: false,
      has_password: false,
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

const YEAR_MS = 365 * 86_400_000;

/** A key with a certificate for ten years. */
export const signingKey: SigningKey = {
  id: 'ab12cd34'.repeat(8),
  name: 'Acme',
  bits: 4096,
  certificate: {
    subject: 'CN=Acme',
    sha256: 'AA:'.repeat(31).concat('AA'),
    sha1: 'BB:'.repeat(19).concat('BB'),
    valid_from: Date.now(),
    expires_at: Date.now() + 10 * YEAR_MS,
    bits: 4096,
    pem: '',
  },
  is_here: true,
  connections: [],
  made_at: Date.now(),
};
