/** One consent sync: its fields, what is missing in Salesforce, and who waits for a match. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { count, counted } from '../../components/numbers';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import type { ConsentSyncInfo, Prepared } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Consents.module.css';
import { FieldTree } from './FieldTree';
import { SyncDialog } from './SyncDialog';

/** Contacts that are listed. */
const SHOWN = 50;

type Props = { sync: ConsentSyncInfo; onRenamed: (name: string) => void };

export function OneSync({ sync, onRenamed }: Props) {
  const [asked, setAsked] = useState<'settings' | 'remove'>();
  const { name } = sync;
  return (
    <Card title={name} aside={<Acts sync={sync} onAsk={setAsked} />}>
      <Needs sync={sync} />
      <FieldTree sync={name} />
      <Fields sync={sync} />
      {sync.waiting_for_match > 0 && <Waiting sync={sync} />}
      {asked === 'settings' && (
        <SyncDialog sync={sync} onClose={() => setAsked(undefined)} onSaved={onRenamed} />
      )}
      {asked === 'remove' && <Remove sync={sync} onClose={() => setAsked(undefined)} />}
    </Card>
  );
}

function Acts({
  sync: { name, enabled },
  onAsk,
}: {
  sync: ConsentSyncInfo;
  onAsk: (what: 'settings' | 'remove') => void;
}) {
  const set = useDo('consent_syncs.set');
  return (
    <span className={classes.acts}>
      <Link to="/replications/$name/$tab" params={{ name, tab: 'plan' }}>
        Plan and run
      </Link>
      <Button variant="default" size="compact-sm" onClick={() => onAsk('settings')}>
        Settings…
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        loading={set.isPending}
        onClick={() => set.mutate({ name, settings: { enabled: !enabled } })}
      >
        {enabled ? 'Disable' : 'Resume'}
      </Button>
      <Button variant="default" size="compact-sm" onClick={() => onAsk('remove')}>
        Remove…
      </Button>
      {set.error && <Trouble error={set.error} />}
    </span>
  );
}

function Needs({ sync: { standing } }: { sync: ConsentSyncInfo }) {
  const open = standing.needs.filter((need) => !need.done);
  if (open.length === 0) return null;
  return (
    <div role="status">
      <p>Before the first run:</p>
      <ul>
        {open.map((need) => (
          <li key={need.need}>{sentence(need.text)}</li>
        ))}
      </ul>
    </div>
  );
}

/** Looks for the fields in Salesforce, and makes those that are missing. */
function Fields({ sync: { name, connection, missing } }: { sync: ConsentSyncInfo }) {
  const check = useDo('consent_syncs.fields');
  const create = useDo('consent_syncs.fields');
  const latest = create.data ?? check.data;
  const error = create.error ?? check.error;
  const lacks = missing.length > 0 || (latest !== undefined && !latest.ready);
  return (
    <>
      {missing.length > 0 && (
        <p role="status">
          Salesforce doesn’t have {counted(missing.length, 'field')} yet, or this user can’t see{' '}
          {missing.length === 1 ? 'it' : 'them'}: {missing.join(', ')}.
        </p>
      )}
      {error && <Trouble error={error} />}
      {latest && <Steps prepared={latest} />}
      {connection && (
        <div className={classes.form}>
          <Button
            variant="default"
            loading={check.isPending}
            onClick={() => {
              create.reset();
              check.mutate({ name, check_only: true });
            }}
          >
            Check fields in Salesforce
          </Button>
          {lacks && (
            <Button loading={create.isPending} onClick={() => create.mutate({ name, check_only: false })}>
              Create missing fields
            </Button>
          )}
        </div>
      )}
    </>
  );
}

function Steps({ prepared: { ready, steps } }: { prepared: Prepared }) {
  return (
    <div role="status">
      <p>{ready ? 'Salesforce has every field.' : 'Salesforce isn’t ready yet.'}</p>
      <ul>
        {steps.map((step) => (
          <li key={step.text}>{sentence(step.text)}</li>
        ))}
      </ul>
    </div>
  );
}

function Waiting({ sync: { name } }: { sync: ConsentSyncInfo }) {
  const page = useAsk('consent_syncs.waiting', { name, limit: SHOWN });
  if (page.isError) return <Trouble error={page.error} />;
  if (!page.data) return null;
  const more = page.data.total - page.data.contacts.length;
  return (
    <>
      <p>
        {counted(page.data.total, 'contact')} waiting for a match. Their consent is sent once Salesforce has a
        record with their email.
      </p>
      <Table
        label="Waiting for a match"
        heads={[{ name: 'Contact' }, { name: 'Email' }, { name: 'Last checked' }]}
      >
        {page.data.contacts.map((one) => (
          <tr key={one.contact}>
            <td>{one.name}</td>
            <td>{one.email}</td>
            <td>
              <Ago at={one.asked_at} />
            </td>
          </tr>
        ))}
      </Table>
      {more > 0 && <p className={classes.quiet}>and {count(more)} more</p>}
    </>
  );
}

function Remove({ sync: { name }, onClose }: { sync: ConsentSyncInfo; onClose: () => void }) {
  const remove = useDo('consent_syncs.remove');
  return (
    <RemoveDialog
      name={name}
      act="Remove consent sync"
      busy={remove.isPending}
      error={remove.error}
      onRemove={() => remove.mutate({ name }, { onSuccess: onClose })}
      onClose={onClose}
    >
      This also removes its queue and history. Answers stay here, and records in Salesforce keep their values.
    </RemoveDialog>
  );
}
