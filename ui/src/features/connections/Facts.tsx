/** What is known about a connection: whose rights it uses, in which org, how it signs in. */

import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { count } from '../../components/numbers';
import { visible } from '../../components/visible';
import type { Connection, ConnectionInfo } from '../../ipc/bindings';
import classes from './Connections.module.css';
import { flowWords } from './words';

export function Facts({ connection }: { connection: ConnectionInfo }) {
  const { facts, budget } = connection;
  const isPractice = connection.flow === 'practice';
  const user = [facts.user_name, facts.profile].filter(Boolean).join(', ');
  return (
    <dl className={classes.facts}>
      <Fact name="State">
        <State connection={connection} />
      </Fact>
      {user && <Fact name="User">{visible(user)}</Fact>}
      {connection.username && <Fact name="Username">{visible(connection.username)}</Fact>}
      {connection.org_name && (
        <Fact name="Company">
          {visible([connection.org_name, connection.edition].filter(Boolean).join(', '))}
        </Fact>
      )}
      {connection.org_id && (
        <Fact name="Organization ID">
          <span className="mono">{visible(connection.org_id)}</span>
        </Fact>
      )}
      {!isPractice && <Fact name="Signs in">{capital(flowWords[connection.flow])}</Fact>}
      {connection.host && !isPractice && <Fact name="Sign-in address">{visible(connection.host)}</Fact>}
      {connection.instance_url && !isPractice && (
        <Fact name="Instance">{visible(connection.instance_url)}</Fact>
      )}
      {facts.token_is_jwt !== null && !isPractice && (
        <Fact name="Access token">{facts.token_is_jwt ? 'JSON Web Token (JWT)' : 'Session ID'}</Fact>
      )}
      {connection.api_version && <Fact name="API version">{`v${connection.api_version}.0`}</Fact>}
      {budget && (
        <Fact name="API calls in 24 hours">
          <span className="num">
            {count(budget.used)} of {count(budget.max)}
          </span>
        </Fact>
      )}
      {facts.checked_at && (
        <Fact name="Last checked">
          <Ago at={facts.checked_at} />
        </Fact>
      )}
    </dl>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="selectable">{children}</dd>
    </>
  );
}

/** Whether somebody is signed in, and to what kind of org. */
function State({ connection: { flow, org_id, sandbox, facts } }: { connection: Connection }) {
  if (flow === 'practice') return <Chip tone="done">Practice org, on this computer</Chip>;
  if (!org_id) return <Chip tone="look">Not signed in yet</Chip>;
  return (
    <span className={classes.state}>
      {facts.trouble ? (
        <Chip tone="look">{facts.trouble.needs_sign_in ? 'Sign in again' : 'Last check failed'}</Chip>
      ) : (
        <Chip tone="done" icon={IconCheck}>
          Connected
        </Chip>
      )}
      {sandbox ? <Chip tone="look">Sandbox</Chip> : <Chip tone="fail">Production</Chip>}
    </span>
  );
}
