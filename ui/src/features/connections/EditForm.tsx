/** The settings of a connection: nothing counts until it is saved, and what is unsaved shows. */
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { Trouble } from '../../components/Trouble';
import type { ConnectionInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { AppFields } from './AppFields';
import { AssertionFields } from './AssertionFields';
import classes from './Connections.module.css';
import { aboutKey, aboutSecret, wrongIn } from './formats';
import { HostField, useHost } from './HostField';
import { ImportKey } from './ImportKey';
import { PortField } from './PortField';
import { SigningKey } from './SigningKey';
import { Discouraged, PasswordFields, Username } from './UserFields';

type Props = {
  connection: ConnectionInfo;
  /** Tells the connection's name now, and whether somebody has to sign in to it anew. */
  onSaved: (name: string, mustSignIn: boolean) => void;
};

export function EditForm({ connection, onSaved }: Props) {
  const before = {
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
  const [now, setNow] = useState(before);
  const change = (part: Partial<typeof before>) => setNow({ ...now, ...part });
  // Fields that keep text of their own begin anew with it.
  const [turn, setTurn] = useState(0);
  const [importing, setImporting] = useState(false);
  const host = useHost(now.host);
  const set = useDo('connections.set');
  const facts = useAsk('connections.security', {});
  const { flow } = now;
  const isPractice = flow === 'practice';
  const hasUser = flow === 'jwt' || flow === 'password';
  const ofSignIn = [
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
  const isAppChanged =
    ofSignIn.some((part) => now[part] !== before[part]) || (hasUser && now.username !== before.username);
  const isChanged = isAppChanged || now.name !== before.name || now.port !== before.port;
  const isWrong =
    now.name.trim() === '' ||
    (!isPractice &&
      (now.key.trim() === '' ||
        now.host.trim() === '' ||
        (hasUser && now.username.trim() === '') ||
        (flow === 'jwt' && now.signingKey === null) ||
        Boolean(host.refusal) ||
        wrongIn(aboutKey(now.key)) !== null ||
        wrongIn(aboutSecret(now.secret)) !== null));

  const save = (event: FormEvent) => {
    event.preventDefault();
    const change = {
      connection: connection.name,
      ...(now.name === before.name ? {} : { name: now.name.trim() }),
      ...(now.host === before.host ? {} : { host: host.address ?? now.host.trim() }),
      ...(now.key === before.key ? {} : { client_id: now.key.trim() }),
      ...(now.secret === '' ? {} : { client_secret: now.secret.trim() }),
      ...(flow === before.flow ? {} : { flow }),
      ...(hasUser && now.username !== before.username ? { username: now.username.trim() } : {}),
      ...(flow === 'password' && now.password ? { password: now.password } : {}),
      ...(flow === 'password' && now.token ? { security_token: now.token.trim() } : {}),
      ...(flow === 'jwt' ? ofTheKey() : {}),
      ...(now.port === before.port ? {} : { callback_port: now.port ?? 0 }),
    };
    set.mutate(change, {
      onSuccess: ({ name }) => {
        setNow({ ...now, secret: '', password: '', token: '' });
        onSaved(name, isAppChanged);
      },
    });
  };

  const ofTheKey = () => ({
    ...(now.signingKey && now.signingKey !== before.signingKey ? { key: now.signingKey } : {}),
    ...(now.audience === before.audience ? {} : { audience: now.audience.trim() }),
    ...(now.lifetime === before.lifetime ? {} : { lifetime_s: now.lifetime ?? 0 }),
  });

  return (
    <Card
      title="Settings"
      about={
        isPractice ? undefined : 'With another address, key or secret you sign in again, to the same org.'
      }
      aside={isChanged && <Chip tone="look">Unsaved changes</Chip>}
    >
      <form key={turn} onSubmit={save} className={`${classes.form} ${classes.narrow}`}>
        <TextInput
          label="Name of the connection"
          value={now.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {!isPractice && (
          <>
            <HostField
              value={now.host}
              onChange={(host) => change({ host })}
              host={host}
              isFaulty={false}
              ownOnly={flow === 'client_credentials'}
            />
            <AppFields
              flow={flow}
              clientId={now.key}
              onClientId={(key) => change({ key })}
              secret={now.secret}
              onSecret={(secret) => change({ secret })}
              hasSecret={connection.has_secret}
              fault={null}
            />
          </>
        )}
        {hasUser && (
          <Username value={now.username} onChange={(username) => change({ username })} fault={null} />
        )}
        {flow === 'password' && (
          <>
            <PasswordFields
              password={now.password}
              onPassword={(password) => change({ password })}
              token={now.token}
              onToken={(token) => change({ token })}
              hasPassword={
                facts.data?.connections.find(({ name }) => name === before.name)?.has_password ?? false
              }
              vault={facts.data?.vault}
              fault={null}
            />
            <Discouraged onBrowser={() => change({ flow: 'browser' })} />
          </>
        )}
        {flow === 'jwt' && (
          <>
            <SigningKey
              value={now.signingKey}
              onChange={(signingKey) => change({ signingKey })}
              name={now.name}
              onImport={() => setImporting(true)}
            />
            <AssertionFields
              audience={now.audience}
              onAudience={(audience) => change({ audience })}
              lifetime={now.lifetime}
              onLifetime={(lifetime) => change({ lifetime })}
            />
          </>
        )}
        {flow === 'browser' && (
          <PortField port={now.port} onChange={(port) => change({ port })} was={before.port} />
        )}
        {set.error && <Trouble error={set.error} focus />}
        <div className={classes.buttons}>
          <Button type="submit" disabled={!isChanged || isWrong} loading={set.isPending}>
            {isAppChanged ? 'Save and sign in again' : 'Save changes'}
          </Button>
          <Button
            variant="default"
            disabled={!isChanged}
            onClick={() => {
              setNow(before);
              setTurn(turn + 1);
            }}
          >
            Discard changes
          </Button>
        </div>
      </form>
      {importing && (
        <ImportKey
          onImported={(signingKey) => {
            setImporting(false);
            change({ signingKey });
          }}
          onClose={() => setImporting(false)}
        />
      )}
    </Card>
  );
}
