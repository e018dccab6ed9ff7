/** The settings of a connection as they are edited: what is wrong with them, what they change, and what a change asks for. */
import type { ChangedConnection, ConnectionInfo, Flow } from '../../ipc/bindings';
import { aboutKey, aboutSecret, wrongIn } from './formats';

/** What belongs to the sign-in: whoever changes it signs in again. */
const OF_SIGN_IN = [
  'flow',
  'host',
  'key',
  'secret',
  'password',
  'token',
  'signingKey',
  'audience',
  'lifetime',
] as const;

export type Edited = {
  name: string;
  host: string;
  key: string;
  secret: string;
  port: number | null;
  flow: Flow;
  username: string;
  password: string;
  token: string;
  signingKey: ConnectionInfo['jwt']['key_id'];
  audience: string;
  lifetime: number | null;
};

/** Returns the settings as they are kept; secrets are never shown, so they begin empty. */
export function editedOf(connection: ConnectionInfo): Edited {
  return {
    name: connection.name,
    host: connection.host ?? '',
    key: connection.client_id ?? '',
    secret: '',
    port: connection.callback_port,
    flow: connection.flow,
    username: connection.username ?? '',
    password: '',
    token: '',
    signingKey: connection.jwt.key_id,
    audience: connection.jwt.audience ?? '',
    lifetime: connection.jwt.lifetime_s,
  };
}

/** Tells whether a way of signing in names a user. */
export function hasUser(flow: Flow): boolean {
  return flow === 'jwt' || flow === 'password';
}

/** Tells whether somebody has to sign in again after a change. */
export function asksForSignIn(before: Edited, now: Edited): boolean {
  const isChanged = OF_SIGN_IN.some((part) => now[part] !== before[part]);
  return isChanged || (hasUser(now.flow) && now.username !== before.username);
}

export function isChanged(before: Edited, now: Edited): boolean {
  return asksForSignIn(before, now) || now.name !== before.name || now.port !== before.port;
}

/** Tells whether the settings can't be saved as they are, apart from what the address is understood as. */
export function isWrong(now: Edited): boolean {
  if (now.name.trim() === '') return true;
  if (now.flow === 'practice') return false;
  return (
    now.key.trim() === '' ||
    now.host.trim() === '' ||
    (hasUser(now.flow) && now.username.trim() === '') ||
    (now.flow === 'jwt' && now.signingKey === null) ||
    wrongIn(aboutKey(now.key)) !== null ||
    wrongIn(aboutSecret(now.secret)) !== null
  );
}

/** Returns what is to be saved: what differs, and no secret of another way to sign in. */
export function changeOf(before: Edited, now: Edited, address: string | null): ChangedConnection {
  const { flow } = now;
  const ofTheKey = {
    ...(now.signingKey && now.signingKey !== before.signingKey ? { key: now.signingKey } : {}),
    ...(now.audience === before.audience ? {} : { audience: now.audience.trim() }),
    ...(now.lifetime === before.lifetime ? {} : { lifetime_s: now.lifetime ?? 0 }),
  };
  return {
    connection: before.name,
    ...(now.name === before.name ? {} : { name: now.name.trim() }),
    ...(now.host === before.host ? {} : { host: address ?? now.host.trim() }),
    ...(now.key === before.key ? {} : { client_id: now.key.trim() }),
    ...(now.secret === '' ? {} : { client_secret: now.secret.trim() }),
    ...(flow === before.flow ? {} : { flow }),
    ...(hasUser(flow) && now.username !== before.username ? { username: now.username.trim() } : {}),
    ...(flow === 'password' && now.password ? { password: now.password } : {}),
    ...(flow === 'password' && now.token ? { security_token: now.token.trim() } : {}),
    ...(flow === 'jwt' ? ofTheKey : {}),
    ...(now.port === before.port ? {} : { callback_port: now.port ?? 0 }),
  };
}
