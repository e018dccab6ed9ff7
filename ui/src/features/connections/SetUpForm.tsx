/** The fields of a connection, and the button that signs in with it. */
import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { sentence, Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { Draft, Flow, Generation, Vault } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';
import { UnderWay, type useSignIn } from './SignIn';
import { SignInRefused } from './SignInRefused';
import { generations } from './steps';

type Props = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  keep: () => Promise<unknown>;
  signIn: ReturnType<typeof useSignIn>;
  faultyStep: number | undefined;
  onDone: () => void;
};

const flows: { value: Flow; label: string }[] = [
  { value: 'browser', label: 'Salesforce: sign in with your browser' },
  { value: 'client_credentials', label: 'Salesforce: sign in as the app' },
  { value: 'practice', label: 'Practice org on this computer' },
];

export function SetUpForm({ draft, change, keep, signIn, faultyStep, onDone }: Props) {
  const { name, flow, host, client_id: key, connection } = draft;
  const add = useDo('connections.add');
  const set = useDo('connections.set');
  // A secret is never kept with what is typed: it goes to the keychain with the connection.
  const [secret, setSecret] = useState('');
  const [asked] = useDebouncedValue(host.trim(), 200);
  const reading = useAsk(
    'connections.host',
    { text: asked },
    { enabled: asked !== '' && flow !== 'practice' },
  );
  const facts = useAsk('connections.security', {});
  const isPractice = flow === 'practice';
  const refusal = asked ? reading.data?.refusal : undefined;
  const complete =
    name.trim() !== '' && (isPractice || (key.trim() !== '' && host.trim() !== '' && !refusal));
  const error = add.error ?? set.error ?? signIn.error;
  const fault = signIn.failure?.step;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const app = {
      host: reading.data?.address ?? host.trim(),
      client_id: key.trim(),
      ...(secret ? { client_secret: secret } : {}),
    };
    if (isPractice) return add.mutate({ name: name.trim(), flow }, { onSuccess: onDone });
    const goOn = (made: { name: string }) => {
      change({ connection: made.name });
      void keep();
      signIn.begin(made.name, draft.key_pasted_at, onDone);
    };
    if (connection === null) add.mutate({ name: name.trim(), flow, ...app }, { onSuccess: goOn });
    else set.mutate({ connection, name: name.trim(), ...app }, { onSuccess: goOn });
  };

  return (
    <Card title="In Leadferry">
      <form onSubmit={submit} className={classes.form}>
        <Select
          label="Org"
          allowDeselect={false}
          disabled={connection !== null}
          data={flows}
          value={flow}
          onChange={(value) => value && change({ flow: value as Flow })}
        />
        {!isPractice && (
          <Select
            label="Type of app in Salesforce"
            allowDeselect={false}
            data={generations}
            value={draft.generation}
            onChange={(value) => value && change({ generation: value as Generation })}
          />
        )}
        <TextInput
          label="Name of the connection"
          value={name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {!isPractice && (
          <>
            <TextInput
              label="Address of your Salesforce"
              description="Such as acme, acme.my.salesforce.com or the full URL"
              value={host}
              onChange={(event) => change({ host: event.currentTarget.value })}
              error={refusal ? sentence(refusal) : fault === 'address' ? 'Check this field.' : undefined}
            />
            {asked && reading.data?.address && (
              <p className={classes.quiet} role="status">
                <span className="mono">{visible(reading.data.address)}</span>{' '}
                {reading.data.note && sentence(reading.data.note)}
              </p>
            )}
            <TextInput
              label="Consumer key"
              classNames={{ input: 'mono' }}
              value={key}
              onChange={(event) =>
                change({ client_id: event.currentTarget.value, key_pasted_at: Date.now() })
              }
              error={fault === 'key' ? 'Check this field.' : undefined}
            />
            <PasswordInput
              label={
                flow === 'browser' ? 'Consumer secret (only if the app requires one)' : 'Consumer secret'
              }
              description={placeOf(facts.data?.vault)}
              value={secret}
              onChange={(event) => setSecret(event.currentTarget.value)}
              error={fault === 'secret' ? 'Check this field.' : undefined}
            />
          </>
        )}
        {signIn.isPending ? (
          <UnderWay signIn={signIn} flow={flow} />
        ) : (
          <div className={classes.buttons}>
            <Button type="submit" disabled={!complete} loading={add.isPending || set.isPending}>
              {isPractice ? 'Connect the practice org' : signIn.failure ? 'Sign in again' : 'Sign in'}
            </Button>
            {flow === 'browser' && (
              <span className={classes.quiet}>
                Opens your browser. You enter your password there, not here.
              </span>
            )}
          </div>
        )}
        {error && <Trouble error={error} focus />}
        {signIn.failure && <SignInRefused failure={signIn.failure} step={faultyStep} />}
        <p className={classes.quiet}>
          After you sign in, Leadferry reads the org’s name, edition and limits. It writes nothing.
        </p>
      </form>
    </Card>
  );
}

/** Returns where a secret is kept on this computer. */
function placeOf(vault: Vault | undefined): string {
  if (vault === 'keychain') return 'Kept in your system’s keychain.';
  return vault === 'file' ? 'Kept on this computer in a file encrypted with your passphrase.' : '';
}
