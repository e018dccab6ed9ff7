/** The fields of a connection, and the button that signs in with it. */
import { Anchor, Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Trouble } from '../../components/Trouble';
import type { Draft, Flow, SetUpStep, Vault } from '../../ipc/bindings';
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
  const { draft, change, signIn, host, callbacks, faultyStep, onChooseFlow, onFlow } = props;
  const { flow, connection } = draft;
  const [secrets, setSecrets] = useState(NO_SECRETS);
  const [importing, setImporting] = useState(false);
  const connecting = useConnecting(props, secrets);
  const facts = useAsk('connections.security', {});
  const hasPassword = facts.data?.connections.find((one) => one.name === connection)?.has_password ?? false;
  const canSignIn = isComplete(draft, secrets, hasPassword) && (flow === 'practice' || !host.refusal);
  const error = connecting.error ?? signIn.error;

  const inBrowser = () => {
    connecting.reset();
    onFlow('browser');
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
      <form onSubmit={connecting.submit} className={classes.form}>
        <Fields
          draft={draft}
          change={change}
          host={host}
          secrets={secrets}
          onSecrets={(part) => setSecrets((kept) => ({ ...kept, ...part }))}
          hasPassword={hasPassword}
          vault={facts.data?.vault}
          fault={signIn.failure?.step ?? null}
          onBrowser={inBrowser}
          onImport={() => setImporting(true)}
        />
        {signIn.isPending ? (
          <UnderWay signIn={signIn} flow={flow} />
        ) : (
          <div className={classes.buttons}>
            <Button type="submit" disabled={!canSignIn} loading={connecting.busy}>
              {flow === 'practice'
                ? 'Connect the practice org'
                : signIn.failure
                  ? 'Sign in again'
                  : 'Sign in'}
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

/** Adds the connection, or changes the one that an earlier try has added, and begins to sign in. */
function useConnecting({ draft, change, keep, signIn, host, onDone }: Props, secrets: Secrets) {
  const add = useDo('connections.add');
  const set = useDo('connections.set');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { flow, connection, callback_port: port } = draft;
    const name = draft.name.trim();
    if (flow === 'practice') return add.mutate({ name, flow }, { onSuccess: (made) => onDone(made.name) });
    const app = appOf(draft, secrets, host.address);
    const goOn = (made: { name: string }) => {
      change({ connection: made.name });
      void keep();
      signIn.begin(made.name, draft.key_pasted_at);
    };
    if (connection === null) {
      const own = port === null ? {} : { callback_port: port };
      add.mutate({ name, flow, ...app, ...own }, { onSuccess: goOn });
    } else {
      set.mutate({ connection, name, flow, ...app, callback_port: port ?? 0 }, { onSuccess: goOn });
    }
  };
  return {
    submit,
    reset: () => {
      add.reset();
      set.reset();
    },
    busy: add.isPending || set.isPending,
    error: add.error ?? set.error,
  };
}

type FieldsProps = Pick<Props, 'draft' | 'change' | 'host'> & {
  secrets: Secrets;
  onSecrets: (part: Partial<Secrets>) => void;
  hasPassword: boolean;
  vault: Vault | undefined;
  fault: SetUpStep | null;
  onBrowser: () => void;
  onImport: () => void;
};

/** What has to be entered, for the way that was chosen to sign in. */
function Fields(props: FieldsProps) {
  const { draft, change, host, secrets, onSecrets, hasPassword, vault, fault, onBrowser, onImport } = props;
  const { name, flow, client_id: key, connection } = draft;
  const list = useAsk('connections.list', {}, { enabled: connection !== null });
  const made = list.data?.find((one) => one.name === connection);
  const putKey = (client_id: string) => {
    // A new app is waited for from the moment that its key is pasted.
    const pasted = client_id.trim() === key.trim() ? {} : { key_pasted_at: Date.now() };
    change({ client_id, ...pasted });
  };
  return (
    <>
      <TextInput
        label="Name of the connection"
        value={name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      {flow === 'password' && <Discouraged onBrowser={onBrowser} />}
      {flow === 'jwt' && (
        <SigningKey
          value={draft.key}
          onChange={(key) => change({ key })}
          name={name}
          onImport={onImport}
          isFaulty={fault === 'certificate'}
        />
      )}
      {flow !== 'practice' && (
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
            onClientId={putKey}
            secret={secrets.secret}
            onSecret={(secret) => onSecrets({ secret })}
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
          onPassword={(password) => onSecrets({ password })}
          token={secrets.token}
          onToken={(token) => onSecrets({ token })}
          hasPassword={hasPassword}
          vault={vault}
          fault={fault}
        />
      )}
      {flow === 'browser' && (
        <PortField port={draft.callback_port} onChange={(callback_port) => change({ callback_port })} />
      )}
    </>
  );
}
