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
import { asksForSignIn, changeOf, type Edited, editedOf, hasUser, isChanged, isWrong } from './editing';
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
  const before = editedOf(connection);
  const [now, setNow] = useState(before);
  const change = (part: Partial<Edited>) => setNow({ ...now, ...part });
  // Fields that keep text of their own begin anew with it.
  const [turn, setTurn] = useState(0);
  const [importing, setImporting] = useState(false);
  const host = useHost(now.host);
  const set = useDo('connections.set');
  const facts = useAsk('connections.security', {});
  const { flow } = now;
  const isPractice = flow === 'practice';
  const mustSignIn = asksForSignIn(before, now);
  const canSave = isChanged(before, now) && !isWrong(now) && (isPractice || !host.refusal);

  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(changeOf(before, now, host.address), {
      onSuccess: ({ name }) => {
        setNow({ ...now, secret: '', password: '', token: '' });
        onSaved(name, mustSignIn);
      },
    });
  };

  return (
    <Card
      title="Settings"
      about={
        isPractice ? undefined : 'With another address, key or secret you sign in again, to the same org.'
      }
      aside={isChanged(before, now) && <Chip tone="look">Unsaved changes</Chip>}
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
        {hasUser(flow) && (
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
          <Button type="submit" disabled={!canSave} loading={set.isPending}>
            {mustSignIn ? 'Save and sign in again' : 'Save changes'}
          </Button>
          <Button
            variant="default"
            disabled={!isChanged(before, now)}
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
