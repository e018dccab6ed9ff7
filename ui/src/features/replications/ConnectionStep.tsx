/** The first part of a setup: the connection that a replication uses, and signing in to it. */
import { Button, Select } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Card } from '../../components/Card';
import { Trouble } from '../../components/Trouble';
import type { ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Line, Lines } from './Lines';
import classes from './Replications.module.css';
import { isSignedIn } from './SetUpSteps';

export function ConnectionStep({ replication }: { replication: ReplicationInfo }) {
  const { name, connection } = replication;
  const navigate = useNavigate();
  const set = useDo('replications.set');
  const connections = useAsk('connections.list', {}).data ?? [];
  const chosen = connections.find((one) => one.name === connection);
  const signedIn = isSignedIn(replication);
  const who = chosen?.facts.user_name ?? chosen?.username;
  return (
    <Card title="Connection" about="The Salesforce org that the contacts are sent to">
      <Lines>
        <Line
          label="Connection"
          help={
            signedIn &&
            ['Signed in to ', chosen?.org_name ?? connection, who && ` as ${who}`, '.']
              .filter(Boolean)
              .join('')
          }
        >
          <Select
            aria-label="Connection"
            placeholder="No connection yet"
            data={connections.map((one) => one.name)}
            value={connection}
            onChange={(value) => value && set.mutate({ name, settings: { connection: value } })}
          />
        </Line>
      </Lines>
      {set.error && <Trouble error={set.error} />}
      <div className={classes.buttons}>
        <Button variant="default" onClick={() => void navigate({ to: '/connections/new' })}>
          Connect an org
        </Button>
        {connection && !signedIn && (
          <Button
            onClick={() => void navigate({ to: '/connections/$name/details', params: { name: connection } })}
          >
            Sign in to {connection}
          </Button>
        )}
      </div>
    </Card>
  );
}
