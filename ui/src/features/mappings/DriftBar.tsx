/** What has changed about the org’s fields since the user last looked. */
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { counted } from '../../components/numbers';
import { sentence } from '../../components/Trouble';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './MappingGrid.module.css';

export function DriftBar({ name }: { name: string }) {
  const drift = useAsk('mappings.drift', { name });
  const seen = useDo('mappings.seen_drift');
  const [open, setOpen] = useState(false);
  const changes = (drift.data ?? []).flatMap((one) => one.changes);
  if (changes.length === 0) return null;
  return (
    <section className={classes.drift} aria-label="Changed in Salesforce">
      <div className={classes.driftHead}>
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
        <strong>{counted(changes.length, 'field')} changed in Salesforce</strong>
        <Button size="xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide' : 'Show'}
        </Button>
        <Button size="xs" variant="default" loading={seen.isPending} onClick={() => seen.mutate({ name })}>
          Dismiss
        </Button>
      </div>
      {open && (
        <ul className={classes.reasons}>
          {changes.map((change) => (
            <li key={change.field}>
              {sentence(change.sentence)} {change.breaks && sentence(change.breaks)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
