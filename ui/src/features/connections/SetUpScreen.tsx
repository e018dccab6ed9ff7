/** The guided set-up: at the left what is done in Salesforce, at the right what is entered here. */
import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { CopyText } from '../../components/CopyText';
import { Page } from '../../components/Page';
import { sentence, Trouble } from '../../components/Trouble';
import type { Flow } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';
import { SignIn } from './SignIn';

export function SetUpScreen() {
  const navigate = useNavigate();
  const values = useAsk('connections.values', {});
  const add = useDo('connections.add');
  const [name, setName] = useState('');
  const [flow, setFlow] = useState<Flow>('browser');
  const [host, setHost] = useState('');
  const [clientId, setClientId] = useState('');
  const [secret, setSecret] = useState('');
  const [asked] = useDebouncedValue(host.trim(), 250);
  const reading = useAsk(
    'connections.host',
    { text: asked },
    { enabled: asked !== '' && flow !== 'practice' },
  );
  const made = add.data;
  const done = () => void navigate({ to: '/connections' });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const app = {
      host: reading.data?.address ?? host.trim(),
      client_id: clientId.trim(),
      ...(secret ? { client_secret: secret } : {}),
    };
    add.mutate(
      { name: name.trim(), flow, ...(flow === 'practice' ? {} : app) },
      {
        onSuccess: () => {
          setSecret('');
          if (flow === 'practice') done();
        },
      },
    );
  };
  const complete =
    name.trim() !== '' && (flow === 'practice' || (clientId.trim() !== '' && host.trim() !== ''));
  return (
    <Page title="Connect an org" parent={{ title: 'Connections', to: '/connections' }}>
      <div className={classes.columns}>
        {flow !== 'practice' && (
          <Card title="In Salesforce" about="By an administrator, or by yourself in a sandbox">
            <ol className={classes.steps}>
              <li>Open Setup, then External Client App Manager, then New External Client App.</li>
              <li>
                Name it{' '}
                {values.data && <CopyText text={values.data.app_name} label="the app’s name" mono={false} />}
              </li>
              <li>
                Enable OAuth and enter{' '}
                {(values.data?.callbacks.length ?? 0) > 1 ? 'these callbacks' : 'this callback'}
                {values.data?.callbacks.map((callback) => (
                  <CopyText key={callback} text={callback} label="the callback" />
                ))}
              </li>
              <li>
                Choose the scopes{' '}
                {values.data?.scopes.map((scope) => `${scope.label} (${scope.name})`).join(', ')}.
              </li>
              <li>Require PKCE, save, and copy the consumer key from the app’s settings.</li>
            </ol>
          </Card>
        )}
        <Card title="Here">
          {made && flow !== 'practice' ? (
            <>
              <p>{made.name} is kept. Now sign in.</p>
              <SignIn name={made.name} onDone={done} />
            </>
          ) : (
            <form onSubmit={save} className={classes.form}>
              <Select
                label="Which org"
                data={[
                  { value: 'browser', label: 'Salesforce, signing in with the browser' },
                  { value: 'client_credentials', label: 'Salesforce, signing in as the app' },
                  { value: 'practice', label: 'The practice org on this computer' },
                ]}
                value={flow}
                onChange={(value) => value && setFlow(value as Flow)}
              />
              <TextInput
                label="Name of the connection"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              {flow !== 'practice' && (
                <>
                  <TextInput
                    label="Address of the org"
                    description="acme.my.salesforce.com, or login.salesforce.com"
                    value={host}
                    onChange={(event) => setHost(event.currentTarget.value)}
                    error={asked && reading.data?.refusal ? sentence(reading.data.refusal) : undefined}
                  />
                  {asked && reading.data?.address && (
                    <p className={classes.quiet}>
                      {reading.data.address} {reading.data.note && sentence(reading.data.note)}
                    </p>
                  )}
                  <TextInput
                    label="Consumer key"
                    classNames={{ input: 'mono' }}
                    value={clientId}
                    onChange={(event) => setClientId(event.currentTarget.value)}
                  />
                  <PasswordInput
                    label={
                      flow === 'browser' ? 'Consumer secret, only if the app wants one' : 'Consumer secret'
                    }
                    value={secret}
                    onChange={(event) => setSecret(event.currentTarget.value)}
                  />
                </>
              )}
              {add.error && <Trouble error={add.error} focus />}
              <div className={classes.end}>
                <Button variant="default" onClick={done}>
                  Cancel
                </Button>
                <Button type="submit" disabled={!complete} loading={add.isPending}>
                  {flow === 'practice' ? 'Connect the practice org' : 'Keep it and go on'}
                </Button>
              </div>
            </form>
          )}
        </Card>
      </div>
    </Page>
  );
}
