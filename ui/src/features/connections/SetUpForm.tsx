/** The fields of a connection, and the button that signs in with it. */
import { Anchor, Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Trouble } from '../../components/Trouble';
import type { Draft, Flow } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { AppFields } from './AppFields';
import classes from './Connections.module.css';
import { appOf, isComplete, NO_SECRETS, type Secrets } from './draft';
import { hasUser } from './editing';
import { HostField, type useHost } from './HostField';
import { ImportKey } from './ImportKey';
import { PortField } from './PortField';
import { UnderWay, type useSignIn } from './SignIn';
import { SignInRefused } from './SignInRefused';
import { SigningKey } from './SigningKey';
import { Discouraged, PasswordFields, Username } from './UserFields';
import { flowWords } from './words';

type Props = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  keep: () => Promise<unknown>;
  signIn: ReturnType<typeof useSignIn>;
  host: ReturnType<typeof useHost>;
  callbacks: readonly string[];
  faultyStep: number | undefined;
  onChooseFlow: () => void;
  onFlow: (flow: Flow) => void;
  onDone: (name: string) => void;
};

export function SetUpForm(props: Props) {
  const { draft, change, keep, signIn, host, callbacks, faultyStep, onChooseFlow, onFlow, onDone } = props;
  const { name, flow, client_id: key, connection } = draft;
  const add = useDo('connections.add');
  const set = useDo('connections.set');
  const [secrets, setSecrets] = useState(NO_SECRETS);
  const putSecret = (part: Partial<Secrets>) => setSecrets((kept) => ({ ...kept, ...part }));
  const [importing, setImporting] = useState(false);
  const list = useAsk('connections.list', {}, { enabled: connection !== null });
  const made = list.data?.find((one) => one.name === connection);
  const facts = useAsk('connections.security', {});
  const hasPassword = facts.data?.connections.find((one) => one.name === connection)?.has_password ?? false;
  const isPractice = flow === 'practice';
  const fault = signIn.failure?.step ?? null;
  const canSignIn = isComplete(draft, secrets, hasPassword) && (isPractice || !host.refusal);
  const error = add.error ?? set.error ?? signIn.error;

  const inBrowser = () => {
    add.reset();
    set.reset();
    onFlow('browser');
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const app = appOf(draft, secrets, host.address);
    if (isPractice)
      return add.mutate({ name: name.trim(), flow }, { onSuccess: (made) => onDone(made.name) });
    const goOn = (made: { name: string }) => {
      change({ connection: made.name });
      void keep();
      signIn.begin(made.name, draft.key_pasted_at);
    };
    const port = draft.callback_port;
    if (connection === null) {
      const own = port === null ? {} : { callback_port: port };
      add.mutate({ name: name.trim(), flow, ...app, ...own }, { onSuccess: goOn });
    } else {
      const again = { connection, name: name.trim(), flow, ...app, callback_port: port ?? 0 };
      set.mutate(again, { onSuccess: goOn });
    }
  };

  return (
    <Card
      title="In Leadferry"
      about={`Signs in ${flowWords[flow]}`}
      aside={
        <Anchor component="button" type="button" disabled={signIn.isPending} onClick={onChooseFlow}>
          Change how it signs in
        </Anchor>
      }
    >
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label="Name of the connection"
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {flow === 'password' && <Discouraged onBrowser={inBrowser} />}
        {flow === 'jwt' && (
          <SigningKey
            value={draft.key}
            onChange={(key) => change({ key })}
            name={name}
            onImport={() => setImporting(true)}
            isFaulty={fault === 'certificate'}
          />
        )}
        {!isPractice && (
          <>
            <HostField
              value={draft.host}
              onChange={(host) => change({ host })}
              host={host}
              isFaulty={fault === 'address'}
              ownOnly={flow === 'client_credentials'}
            />
            <AppFields
              flow={flow}
              clientId={key}
              onClientId={(client_id) =>
                change({
                  client_id,
                  // A new app is waited for from the moment that its key is pasted.
                  ...(client_id.trim() === key.trim() ? {} : { key_pasted_at: Date.now() }),
                })
              }
              secret={secrets.secret}
              onSecret={(secret) => putSecret({ secret })}
              hasSecret={made?.has_secret ?? false}
              fault={fault}
            />
          </>
        )}
        {hasUser(flow) && (
          <Username value={draft.username} onChange={(username) => change({ username })} fault={fault} />
        )}
        {flow === 'password' && (
          <PasswordFields
            password={secrets.password}
            onPassword={(password) => putSecret({ password })}
            token={secrets.token}
            onToken={(token) => putSecret({ token })}
            hasPassword={hasPassword}
            vault={facts.data?.vault}
            fault={fault}
          />
        )}
        {flow === 'browser' && (
          <PortField port={draft.callback_port} onChange={(callback_port) => change({ callback_port })} />
        )}
        {signIn.isPending ? (
          <UnderWay signIn={signIn} flow={flow} />
        ) : (
          <div className={classes.buttons}>
            <Button type="submit" disabled={!canSignIn} loading={add.isPending || set.isPending}>
              {isPractice ? 'Connect the practice org' : signIn.failure ? 'Sign in again' : 'Sign in'}
            </Button>
            {flow === 'browser' && (
              <span className={classes.quiet}>
                Opens your browser. You enter your password there, not here.
              </span>
            )}
          </div>
        )}
        {error && !signIn.isPending && <Trouble error={error} focus />}
        {signIn.failure && (
          <SignInRefused
            failure={signIn.failure}
            flow={flow}
            step={faultyStep}
            callbacks={callbacks}
            onBrowser={inBrowser}
          />
        )}
        <p className={classes.quiet}>
          After you sign in, Leadferry reads the org’s name, edition and limits. It writes nothing.
        </p>
      </form>
      {importing && (
        <ImportKey
          onImported={(key) => {
            setImporting(false);
            change({ key });
          }}
          onClose={() => setImporting(false)}
        />
      )}
    </Card>
  );
}
