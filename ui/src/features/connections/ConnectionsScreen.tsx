/** The Salesforce orgs that the workspace is connected to, and the state of each. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { visible } from '../../components/visible';
import type { ConnectionInfo, Tested } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Check } from './Check';
import classes from './Connections.module.css';
import { Drafts } from './Drafts';
import { ProxyCard } from './ProxyCard';
import { SignIn } from './SignIn';

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
  const isPractice = connection.flow === 'practice';
  return (
    <Card
      title={name}
      about={[connection.org_name, connection.edition, connection.username].filter(Boolean).join(' · ')}
      aside={
        <div className={classes.buttons}>
          <Button
            size="xs"
            variant="default"
            loading={test.isPending}
            disabled={!connection.org_id}
            onClick={() => test.mutate({ name }, { onSuccess: (tested) => say(testedWords(name, tested)) })}
          >
            Test
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={check.isPending}
            disabled={!connection.org_id}
            title="Uses about 8 API calls"
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
      <dl className={classes.facts}>
        <dt>State</dt>
        <dd>
          <State connection={connection} />
        </dd>
        {connection.host && !isPractice && (
          <>
            <dt>Signs in at</dt>
            <dd className="selectable">{visible(connection.host)}</dd>
          </>
        )}
        {connection.instance_url && !isPractice && (
          <>
            <dt>Address</dt>
            <dd className="selectable">{visible(connection.instance_url)}</dd>
          </>
        )}
        {connection.budget && (
          <>
            <dt>API calls in 24 hours</dt>
            <dd className="num">
              {count(connection.budget.used)} of {count(connection.budget.max)}
            </dd>
          </>
        )}
        {facts.checked_at && (
          <>
            <dt>Last checked</dt>
            <dd>
              <Ago at={facts.checked_at} />
            </dd>
          </>
        )}
      </dl>
      {check.error && <Trouble error={check.error} retry={() => check.mutate({ name })} />}
      {check.data && <Check check={check.data} />}
      {test.error && <Trouble error={test.error} retry={() => test.mutate({ name })} />}
      {facts.trouble && !test.error && (
        <p className={classes.trouble}>
          <strong>{sentence(facts.trouble.message)}</strong>{' '}
          {facts.trouble.cause && sentence(facts.trouble.cause)} {sentence(facts.trouble.cure)}
        </p>
      )}
      {!isPractice && (!connection.org_id || facts.trouble?.needs_sign_in) && (
        <SignIn name={name} flow={connection.flow} />
      )}
      <Remove name={name} opened={removing} onClose={() => setRemoving(false)} />
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

function State({ connection: { flow, org_id, sandbox } }: { connection: ConnectionInfo }) {
  if (flow === 'practice') return <Chip tone="done">Practice org, on this computer</Chip>;
  if (!org_id) return <Chip tone="look">Not signed in yet</Chip>;
  return sandbox ? <Chip tone="look">Sandbox</Chip> : <Chip tone="fail">Production</Chip>;
}

function Remove({ name, opened, onClose }: { name: string; opened: boolean; onClose: () => void }) {
  const details = useAsk('connections.show', { name }, { enabled: opened });
  const remove = useDo('connections.remove');
  const used = details.data?.replications ?? [];
  if (!opened) return null;
  return (
    <RemoveDialog
      name={name}
      act="Remove connection"
      busy={remove.isPending}
      error={remove.error}
      onRemove={() => remove.mutate({ name }, { onSuccess: onClose })}
      onClose={onClose}
    >
      Leadferry signs out and removes the secrets from this computer. Records in Salesforce stay.
      {used.length > 0 && ` Used by ${used.join(', ')}.`}
    </RemoveDialog>
  );
}
