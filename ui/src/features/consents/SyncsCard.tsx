/** The consent syncs: what each sends where, its state, and who waits for a match. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { NameButton } from '../../components/NameButton';
import { count } from '../../components/numbers';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { useAdding } from '../../components/useAdding';
import type { ConsentSyncInfo } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { replicationWords } from '../../words/replications';
import classes from './Consents.module.css';
import { OneSync } from './OneSync';
import { SyncDialog } from './SyncDialog';
import { SyncSteps } from './SyncSteps';

export function SyncsCard({ hasPurposes }: { hasPurposes: boolean }) {
  const syncs = useAsk('consent_syncs.list', {});
  const [adding, setAdding] = useAdding('/consents');
  const [open, setOpen] = useState<string>();
  const all = syncs.data ?? [];
  const shown = all.find((sync) => sync.name === open);
  return (
    <>
      <Card
        title="Consent syncs"
        about="Send answers to fields of leads or contacts in Salesforce. Records are found by email."
        aside={
          <Button variant="default" onClick={() => setAdding(true)}>
            New consent sync
          </Button>
        }
      >
        {syncs.isError && <Trouble error={syncs.error} retry={() => void syncs.refetch()} />}
        {syncs.data && all.length === 0 && (
          <p className={classes.quiet}>
            No consent syncs yet. With one, Salesforce knows what each person agreed to.
          </p>
        )}
        {all.length > 0 && (
          <Table
            label="Consent syncs"
            heads={[
              { name: 'Name' },
              { name: 'Sends to' },
              { name: 'State' },
              { name: 'Fields', number: true },
              { name: 'Waiting for a match', number: true },
              { name: 'Blocked', number: true },
              { name: 'Last run' },
            ]}
          >
            {all.map((sync) => (
              <Line
                key={sync.name}
                sync={sync}
                open={sync.name === open}
                onOpen={() => setOpen(sync.name === open ? undefined : sync.name)}
              />
            ))}
          </Table>
        )}
      </Card>
      {syncs.data && <SyncSteps hasPurposes={hasPurposes} syncs={all} />}
      {shown && <OneSync key={shown.name} sync={shown} onRenamed={setOpen} />}
      {adding && <SyncDialog onClose={() => setAdding(false)} onSaved={setOpen} />}
    </>
  );
}

type LineProps = { sync: ConsentSyncInfo; open: boolean; onOpen: () => void };

function Line({
  sync: { name, object, connection, mapped, waiting_for_match, standing },
  open,
  onOpen,
}: LineProps) {
  const { word, tone } = replicationWords[standing.state];
  const last = standing.last_run;
  return (
    <tr aria-current={open || undefined}>
      <td>
        <NameButton expanded={open} onOpen={onOpen}>
          {name}
        </NameButton>
      </td>
      <td>
        {object === 'Lead' ? 'Leads' : 'Contacts'}
        {connection ? ` in ${connection}` : ', no connection yet'}
      </td>
      <td>
        <Chip tone={tone} bare={tone === 'done'}>
          {word}
        </Chip>
      </td>
      <NumberCell>{count(mapped)}</NumberCell>
      <NumberCell>{count(waiting_for_match)}</NumberCell>
      <NumberCell>{count(standing.blocked)}</NumberCell>
      <td>
        {last ? (
          <Ago at={last.ended_at ?? last.started_at} />
        ) : (
          <span className={classes.quiet}>Not run yet</span>
        )}
      </td>
    </tr>
  );
}
