/** A set-up: how it begins, when it is complete, and what it says of the app in the org. */
import type { Draft, Flow } from '../../ipc/bindings';
import { hasUser } from './editing';
import { aboutKey, aboutSecret, wrongIn } from './formats';

/** Where production orgs sign in. An app signs in as itself only at its org's own address. */
export const PRODUCTION = 'login.salesforce.com';

/** Returns a new set-up. */
export function newDraft(): Draft {
  return {
    number: 0,
    name: '',
    flow: 'browser',
    host: '',
    client_id: '',
    key_pasted_at: null,
    username: '',
    key: null,
    contact_email: '',
    scopes: 'needed',
    callback_port: null,
    generation: 'external_client_app',
    ticked: [],
    connection: null,
    changed_at: 0,
  };
}

/** Returns what changes with the way to sign in; what was typed stays. */
export function withFlow(draft: Draft, flow: Flow): Partial<Draft> {
  const isUntouched = draft.host === '' || draft.host === PRODUCTION;
  const usual = flow === 'client_credentials' || flow === 'practice' ? '' : PRODUCTION;
  return {
    flow,
    ...(isUntouched ? { host: usual } : {}),
    // External Client Apps offer no sign-in with a password.
    ...(flow === 'password' && draft.generation === 'external_client_app' ? { generation: 'lightning' } : {}),
  };
}

/** What is never kept with a set-up: it goes to the keychain with the connection. */
export type Secrets = { secret: string; password: string; token: string };

export const NO_SECRETS: Secrets = { secret: '', password: '', token: '' };

/** Tells whether one can sign in with a set-up, apart from what the address is understood as. */
export function isComplete(draft: Draft, { secret, password }: Secrets, hasPassword: boolean): boolean {
  const { name, flow, host, client_id: key, username } = draft;
  if (name.trim() === '') return false;
  if (flow === 'practice') return true;
  const isWrong = wrongIn(aboutKey(key)) !== null || wrongIn(aboutSecret(secret)) !== null;
  const isProved = flow === 'jwt' ? draft.key !== null : password !== '' || hasPassword;
  const isUserComplete = !hasUser(flow) || (username.trim() !== '' && isProved);
  return key.trim() !== '' && host.trim() !== '' && !isWrong && isUserComplete;
}

/** Returns what is sent of the app: no secret of another way to sign in. */
export function appOf(draft: Draft, { secret, password, token }: Secrets, address: string | null) {
  const { flow } = draft;
  return {
    host: address ?? draft.host.trim(),
    client_id: draft.client_id.trim(),
    ...(secret && flow !== 'jwt' ? { client_secret: secret.trim() } : {}),
    ...(hasUser(flow) ? { username: draft.username.trim() } : {}),
    ...(flow === 'jwt' && draft.key !== null ? { key: draft.key } : {}),
    ...(flow === 'password' && password ? { password } : {}),
    ...(flow === 'password' && token ? { security_token: token.trim() } : {}),
  };
}
