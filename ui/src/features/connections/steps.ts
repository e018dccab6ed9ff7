/** The steps in Salesforce for each kind of app there. */
import type { Draft, Flow, Generation, SetUpStep } from '../../ipc/bindings';

export type Step = { id: SetUpStep; title: string; how: string };

export const generations: { value: Generation; label: string }[] = [
  { value: 'external_client_app', label: 'External Client App (current)' },
  { value: 'lightning', label: 'Connected App in Lightning (before 2025)' },
  { value: 'classic', label: 'Connected App in Salesforce Classic' },
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
      how: 'Use the name below, and your email as the contact.',
    },
    { id: 'oauth', title: 'Under API, enable OAuth', how: 'Enable OAuth is the first checkbox there.' },
  ],
  lightning: [
    { id: 'open', title: 'Open Setup, then App Manager', how: 'Type “app manager” in the Quick Find box.' },
    {
      id: 'app',
      title: 'Choose New Connected App',
      how: 'Use the name below, and your email as the contact.',
    },
    { id: 'oauth', title: 'Enable OAuth settings', how: 'Select the Enable OAuth Settings checkbox.' },
  ],
  classic: [
    {
      id: 'open',
      title: 'Open Setup, then Create, then Apps',
      how: 'It’s on the left, under App Setup.',
    },
    {
      id: 'app',
      title: 'Under Connected Apps, choose New',
      how: 'Use the name below, and your email as the contact.',
    },
    { id: 'oauth', title: 'Enable OAuth settings', how: 'Select the Enable OAuth Settings checkbox.' },
  ],
};

const callback: Step = {
  id: 'callback',
  title: 'Paste the callback URLs',
  how: 'Paste them exactly: http, no slash at the end. Leadferry uses the others when the first port is taken.',
};
const scopes: Step = { id: 'scopes', title: 'Add these scopes', how: 'In any order.' };

const byBrowser: Step[] = [
  callback,
  scopes,
  {
    id: 'flow',
    title: 'Require Proof Key for Code Exchange (PKCE)',
    how: 'To leave the consumer secret empty, clear “Require secret” for the Web Server Flow and the Refresh Token Flow.',
  },
  {
    id: 'users',
    title: 'Allow the right users',
    how: 'Under Policies, let all users self-authorize, or only those with a permission set.',
  },
  {
    id: 'key',
    title: 'Save, and copy the consumer key',
    how: 'A new app can take up to 10 minutes to work. Leadferry keeps trying.',
  },
];

const asApp: Step[] = [
  callback,
  scopes,
  {
    id: 'flow',
    title: 'Enable the Client Credentials Flow',
    how: 'You find it among the flows of the app.',
  },
  {
    id: 'run_as',
    title: 'Choose the user the app runs as',
    how: 'Under Policies, in Run As. Leadferry can read and write only what this user can.',
  },
  {
    id: 'key',
    title: 'Save, and copy the consumer key',
    how: 'Under Settings > OAuth Settings > Consumer Key and Secret.',
  },
  {
    id: 'secret',
    title: 'Copy the consumer secret',
    how: 'It’s next to the key.',
  },
];

/** Returns the steps of a flow, in order. */
export function stepsOf(flow: Flow, generation: Generation): Step[] {
  if (flow === 'practice') return [];
  return [...where[generation], ...(flow === 'browser' ? byBrowser : asApp)];
}

/** Returns a new setup. */
export function newDraft(): Draft {
  return {
    number: 0,
    name: '',
    flow: 'browser',
    host: '',
    client_id: '',
    username: '',
    key: null,
    key_pasted_at: null,
    callback_port: null,
    generation: 'external_client_app',
    ticked: [],
    connection: null,
    changed_at: 0,
  };
}

/** Returns the steps as text that can be sent to someone. */
export function asText(steps: readonly Step[], values: { [step in SetUpStep]?: string }): string {
  return steps
    .map(({ id, title, how }, at) => [`${at + 1}. ${title}`, how, values[id]].filter(Boolean).join('\n   '))
    .join('\n');
}
