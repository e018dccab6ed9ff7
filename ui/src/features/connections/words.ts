/** Words about connections: how they sign in, and what kind of address they have. */
import type { Tone } from '../../components/Chip';
import type { Flow, HostKind } from '../../ipc/bindings';

/** How a connection signs in, as the end of a sentence. */
export const flowWords: Record<Flow, string> = {
  browser: 'in the browser',
  jwt: 'with a key (JWT bearer)',
  client_credentials: 'as the app (client credentials)',
  password: 'with username and password',
  practice: 'by itself',
};

/** What kind of org an address leads to. */
export const hostWords: Record<HostKind, { word: string; tone: Tone }> = {
  production: { word: 'Production sign-in', tone: 'fail' },
  sandbox: { word: 'Sandbox', tone: 'look' },
  scratch: { word: 'Scratch org', tone: 'idle' },
  developer: { word: 'Developer org', tone: 'idle' },
  my_domain: { word: 'My Domain, production', tone: 'fail' },
  this_machine: { word: 'This computer', tone: 'done' },
  other: { word: 'Not a Salesforce address', tone: 'look' },
};
