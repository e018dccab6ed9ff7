/** What has changed about an org's fields since they were used last. */
import { IconAlertTriangle } from '@tabler/icons-react';
import { ChangedFields, howManyChanged } from '../../components/ChangedFields';
import { useAsk } from '../../ipc/queries';
import classes from './Connections.module.css';

export function Drift({ name }: { name: string }) {
  const fields = useAsk('connections.drift', { name }).data ?? [];
  if (fields.length === 0) return null;
  return (
    <details className={classes.drift} open>
      <summary>
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden /> {howManyChanged(fields)}
      </summary>
      <ChangedFields fields={fields} />
    </details>
  );
}
