/** Two records in Salesforce for one person, after contacts were merged here: which they are, and the way out. */
import { Anchor, Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { Chip } from '../../../components/Chip';
import { Trouble } from '../../../components/Trouble';
import { say } from '../../../components/undo';
import type { ContactCard, ContactLink } from '../../../ipc/bindings';
import { useDo } from '../../../ipc/queries';
import classes from './Panel.module.css';

export function SecondRecords({ card }: { card: ContactCard }) {
  const keep = useDo('links.keep');
  const second = card.second_records;
  if (second.length === 0) return null;
  const concerned = card.links.filter((own) =>
    second.some(({ org_id, object }) => org_id === own.org_id && object === own.object),
  );
  const choose = (record: ContactLink) =>
    keep.mutate(
      { contact: card.guid, record_id: record.record_id },
      { onSuccess: () => say(`Linked to ${record.record_id}. The other record stays in Salesforce.`) },
    );
  return (
    <section className={classes.two} aria-label="Two records in Salesforce">
      <Chip tone="look">Two records in Salesforce</Chip>
      <p className={classes.quiet}>
        Contacts that were merged here have a record each. Merge the records in Salesforce and run a pull, or
        choose the one to keep linked.
      </p>
      {[...concerned, ...second].map((record) => (
        <Line key={record.record_id} record={record} onKeep={() => choose(record)} busy={keep.isPending} />
      ))}
      {keep.error && <Trouble error={keep.error} />}
    </section>
  );
}

function Line({ record, onKeep, busy }: { record: ContactLink; onKeep: () => void; busy: boolean }) {
  const open = useDo('shell.open');
  const { address } = record;
  return (
    <div className={classes.line}>
      <span>{record.object}</span>
      <span className={`mono selectable ${classes.recordId}`}>{record.record_id}</span>
      <span className={classes.push}>
        {address && (
          <Anchor
            component="button"
            type="button"
            className={classes.open}
            onClick={() => open.mutate({ address })}
          >
            Open <IconExternalLink size={14} stroke={1.75} aria-hidden />
          </Anchor>
        )}
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Keep ${record.record_id} linked`}
          disabled={busy}
          onClick={onKeep}
        >
          Keep linked
        </Button>
      </span>
    </div>
  );
}
