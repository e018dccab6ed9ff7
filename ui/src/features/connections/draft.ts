/** A set-up before anything was typed. */
import type { Draft, Flow } from '../../ipc/bindings';

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
