/** The Salesforce orgs that the workspace is connected to, and the state of each. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { disabledFor } from '../../components/disabled';
import { Empty } from '../../components/Empty';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ConnectionInfo, Tested } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Check } from './Check';
import classes from './Connections.module.css';
import { Drafts } from './Drafts';
import { Drift } from './Drift';
import { Facts } from './Facts';
import { CertificateWarning, LastTrouble } from './LastTrouble';
import { ProxyCard } from './ProxyCard';
import { Removing } from './Removing';
import { SignIn, useSignIn } from './SignIn';

export function ConnectionsScreen() {
  const navigate = useNavigate();
  const list = useAsk('connections.list', {});
  const add = (
    <Button
      leftSection={<IconPlus size={16} stroke={1.75} />}
      onClick={() => void navigate({ to: '/connections/new' })}
    >
      Connect an org
    </Button>
  );
  return (
    <Page
      title="Connections"
      about="The Salesforce orgs you can send contacts to"
      actions={list.data?.length ? add : undefined}
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.length === 0 && (
        <Empty title="No connections yet" action={add}>
          Connect a Salesforce org to send contacts to it. Leadferry signs in once and remembers it on this
          computer.
        </Empty>
      )}
      {list.data && <Drafts />}
      {list.data?.map((connection) => (
        <One key={connection.id} connection={connection} />
      ))}
      {list.data?.some((connection) => connection.flow !== 'practice') && <ProxyCard />}
    </Page>
  );
}

function One({ connection }: { connection: ConnectionInfo }) {
  const { name, facts } = connection;
  const test = useDo('connections.test');
  const check = useDo('connections.check');
  const [removing, setRemoving] = useState(false);
  const needsSignIn = connection.flow !== 'practice' && (!connection.org_id || facts.trouble?.needs_sign_in);
  const navigate = useNavigate();
  const signIn = useSignIn(
    needsSignIn ? name : '',
    connection.flow,
    (done) =>
      void navigate({
        to: '/connections/$name/details',
        params: { name: done },
        search: { connected: true },
      }),
  );
  return (
    <Card
      title={name}
      aside={
        <div className={classes.buttons}>
          <Link to="/connections/$name/details" params={{ name }} aria-label={`Open ${name}`}>
            Open
          </Link>
          <Button
            size="xs"
            variant="default"
            loading={test.isPending}
            {...disabledFor(!connection.org_id && 'Sign in first')}
            onClick={() => test.mutate({ name }, { onSuccess: (tested) => say(testedWords(name, tested)) })}
          >
            Test
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={check.isPending}
            title="Uses about 8 API calls, and one for each further object that is pulled"
            {...disabledFor(!connection.org_id && 'Sign in first')}
            onClick={() => check.mutate({ name })}
          >
            Check
          </Button>
          <Button size="xs" variant="default" onClick={() => setRemoving(true)}>
            Remove…
          </Button>
        </div>
      }
    >
      <Facts connection={connection} />
      <CertificateWarning connection={connection} />
      <Drift name={name} />
      {check.error && <Trouble error={check.error} retry={() => check.mutate({ name })} />}
      {check.data && <Check check={check.data} />}
      {test.error ? (
        <Trouble error={test.error} retry={() => test.mutate({ name })} />
      ) : (
        !signIn.failure && <LastTrouble connection={connection} />
      )}
      {needsSignIn && <SignIn signIn={signIn} name={name} flow={connection.flow} />}
      {removing && (
        <Removing name={name} onRemoved={() => setRemoving(false)} onClose={() => setRemoving(false)} />
      )}
    </Card>
  );
}

/** Returns that a connection works, and which of its fields have changed. */
function testedWords(name: string, { describes }: Tested): string {
  const named = (what: string, fields: readonly string[]) =>
    fields.length > 0 ? [`${what} ${fields.slice(0, 5).join(', ')}${fields.length > 5 ? '…' : ''}`] : [];
  const news = describes.flatMap(({ object, gone, new: added, altered }) => {
    const parts = [...named('gone', gone), ...named('new', added), ...named('changed', altered)];
    return parts.length > 0 ? [`${object}: ${parts.join('; ')}.`] : [];
  });
  return [`The connection to ${name} works.`, ...news].join(' ');
}
