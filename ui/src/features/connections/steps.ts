/** What is done in Salesforce, step by step, for each place where apps are made there. */
import type { Draft, Flow, Generation, SetUpStep } from '../../ipc/bindings';

export type Step = { id: SetUpStep; title: string; how: string };

export const generations: { value: Generation; label: string }[] = [
  { value: 'external_client_app', label: 'External Client App (now)' },
  { value: 'lightning', label: 'Connected App, Lightning (before 2025)' },
  { value: 'classic', label: 'Connected App, Salesforce Classic' },
];

const where: Record<Generation, [open: Step, app: Step, oauth: Step]> = {
  external_client_app: [
    {
      id: 'open',
      title: 'Open Setup, then External Client App Manager',
      how: 'Type “external client” in the Quick Find box.',
    },
    {
      id: 'app',
      title: 'Choose New External Client App',
      how: 'Name it as below, with your e-mail as the contact.',
    },
    { id: 'oauth', title: 'Under API, switch on OAuth', how: 'Enable OAuth is the first box there.' },
  ],
  lightning: [
    { id: 'open', title: 'Open Setup, then App Manager', how: 'Type “app manager” in the Quick Find box.' },
    {
      id: 'app',
      title: 'Choose New Connected App',
      how: 'Name it as below, with your e-mail as the contact.',
    },
    { id: 'oauth', title: 'Switch on OAuth settings', how: 'The box is called Enable OAuth Settings.' },
  ],
  classic: [
    {
      id: 'open',
      title: 'Open Setup, then Create, then Apps',
      how: 'It stands at the left, under App Setup.',
    },
    {
      id: 'app',
      title: 'Under Connected Apps, choose New',
      how: 'Name it as below, with your e-mail as the contact.',
    },
    { id: 'oauth', title: 'Switch on OAuth settings', how: 'The box is called Enable OAuth Settings.' },
  ],
};

const callback: Step = {
  id: 'callback',
  title: 'Paste the callback',
  how: 'Exactly so: http, no slash at the end. The others are for when the first port is taken.',
};
const scopes: Step = { id: 'scopes', title: 'Add these scopes', how: 'The order does not matter.' };

const byBrowser: Step[] = [
  callback,
  scopes,
  {
    id: 'flow',
    title: 'Switch on Proof Key for Code Exchange (PKCE)',
    how: 'Switch off “Require secret” for the Web Server Flow and for the Refresh Token Flow if the secret is to stay empty.',
  },
  {
    id: 'users',
    title: 'Let the right users in',
    how: 'Under Policies, all users may authorize themselves, or those of a permission set.',
  },
  {
    id: 'key',
    title: 'Save, and copy the consumer key',
    how: 'Salesforce needs up to 10 minutes until a new app answers. Leadferry waits and tries by itself.',
  },
];

const asApp: Step[] = [
  callback,
  scopes,
  {
    id: 'flow',
    title: 'Switch on the Client Credentials Flow',
    how: 'It stands among the flows of the app.',
  },
  {
    id: 'run_as',
    title: 'Choose whom the app runs as',
    how: 'Under Policies, Run As. What that user may not see or write, Leadferry does not either.',
  },
  {
    id: 'key',
    title: 'Save, and copy the consumer key',
    how: 'Settings, OAuth Settings, Consumer Key and Secret.',
  },
  {
    id: 'secret',
    title: 'Copy the consumer secret',
    how: 'It stands beside the key, and goes into the keychain.',
  },
];

/** Returns the steps of a flow, in order. */
export function stepsOf(flow: Flow, generation: Generation): Step[] {
  if (flow === 'practice') return [];
  return [...where[generation], ...(flow === 'browser' ? byBrowser : asApp)];
}

/** Returns a set-up as it begins. */
export function newDraft(): Draft {
  return {
    number: 0,
    name: '',
    flow: 'browser',
    host: '',
    client_id: '',
    key_pasted_at: null,
    callback_port: null,
    generation: 'external_client_app',
    ticked: [],
    connection: null,
    changed_at: 0,
  };
}

/** Returns the steps as text, to be sent to somebody. */
export function asText(steps: readonly Step[], values: { [step in SetUpStep]?: string }): string {
  return steps
    .map(({ id, title, how }, at) => [`${at + 1}. ${title}`, how, values[id]].filter(Boolean).join('\n   '))
    .join('\n');
}
