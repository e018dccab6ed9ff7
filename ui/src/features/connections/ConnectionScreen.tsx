/** One connection: what is known about it, signing in anew, and its settings. */
import { Button } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { disabledFor } from '../../components/disabled';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ConnectionInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { AssertionDialog } from './AssertionDialog';
import { Authorizing } from './Authorizing';
import { Connected } from './Connected';
import classes from './Connections.module.css';
import { Drift } from './Drift';
import { EditForm } from './EditForm';
import { Facts } from './Facts';
import { CertificateWarning, LastTrouble } from './LastTrouble';
import { Rehearse } from './Rehearse';
import { Removing } from './Removing';
import { Revoking } from './Revoking';
import { SignInState, useSignIn } from './SignIn';

const parent = { title: 'Connections', to: '/connections' };

export function ConnectionScreen() {
  const { name } = useParams({ strict: false }) as { name: string };
  const list = useAsk('connections.list', {});
  const connection = list.data?.find((one) => one.name === name);
  if (connection) return <One key={connection.id} connection={connection} />;
  return (
    <Page title={name} parent={parent}>
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Rows /> : <p>There is no connection of this name.</p>}
    </Page>
  );
}

/** Tells one state of the settings from the next: the form begins anew with each. */
function settingsOf({ name, flow, host, client_id, callback_port, username, jwt }: ConnectionInfo): string {
  return JSON.stringify([name, flow, host, client_id, callback_port, username, jwt]);
}

function One({ connection }: { connection: ConnectionInfo }) {
  const { name, flow } = connection;
  const navigate = useNavigate();
  const { connected } = useSearch({ strict: false }) as { connected?: true };
  const test = useDo('connections.test');
  const [asking, setAsking] = useState<'remove' | 'revoke' | 'authorize' | 'assertion' | null>(null);
  const closeAsking = () => setAsking(null);
  const show = (search: { connected?: true }) =>
    void navigate({ to: '/connections/$name/details', params: { name }, search });
  const signIn = useSignIn(flow === 'practice' ? '' : name, flow, () => {
    setAsking(null);
    show({ connected: true });
  });
  return (
    <Page
      title={name}
      parent={parent}
      actions={
        <>
          <Button variant="default" onClick={() => setAsking('remove')}>
            Remove…
          </Button>
          <Button
            loading={test.isPending}
            {...disabledFor(!connection.org_id && 'Sign in first')}
            onClick={() =>
              test.mutate({ name }, { onSuccess: () => say(`The connection to ${name} works.`) })
            }
          >
            Test
          </Button>
        </>
      }
    >
      <Card
        title="Organization access"
        aside={
          flow !== 'practice' && (
            <div className={classes.buttons}>
              <Button
                size="xs"
                variant={connection.org_id ? 'default' : 'filled'}
                onClick={() => setAsking('authorize')}
              >
                {connection.org_id ? 'Re-authorize…' : 'Authorize…'}
              </Button>
              <Button
                size="xs"
                variant="default"
                {...disabledFor(!connection.org_id && 'Sign in first')}
                onClick={() => setAsking('revoke')}
              >
                Revoke…
              </Button>
            </div>
          )
        }
      >
        <Facts connection={connection} />
        <CertificateWarning connection={connection} />
        {test.error ? (
          <Trouble error={test.error} retry={() => test.mutate({ name })} focus />
        ) : (
          !signIn.failure && <LastTrouble connection={connection} />
        )}
        {asking !== 'authorize' && <SignInState signIn={signIn} flow={flow} />}
        {flow === 'jwt' && (
          <div className={classes.signIn}>
            <Button variant="default" onClick={() => setAsking('assertion')}>
              Show assertion
            </Button>
          </div>
        )}
      </Card>
      <Drift name={name} />
      {flow !== 'practice' && connection.org_id && <Rehearse name={name} />}
      <EditForm
        key={settingsOf(connection)}
        connection={connection}
        onSaved={(after, mustSignIn) => {
          if (after !== name) {
            void navigate({ to: '/connections/$name/details', params: { name: after }, replace: true });
          }
          if (mustSignIn) signIn.begin(after, Date.now());
          else say(`Saved ${after}.`);
        }}
      />
      {asking === 'remove' && (
        <Removing name={name} onRemoved={() => void navigate({ to: '/connections' })} onClose={closeAsking} />
      )}
      {asking === 'authorize' && (
        <Authorizing connection={connection} signIn={signIn} onClose={closeAsking} />
      )}
      {asking === 'revoke' && <Revoking name={name} onClose={closeAsking} />}
      {asking === 'assertion' && <AssertionDialog name={name} onClose={closeAsking} />}
      {connected && <Connected connection={connection} onClose={() => show({})} />}
    </Page>
  );
}
