/** Asks before a connection is removed: what goes with it. */
import { RemoveDialog } from '../../components/RemoveDialog';
import { useAsk, useDo } from '../../ipc/queries';

type Props = { name: string; onRemoved: () => void; onClose: () => void };

export function Removing({ name, onRemoved, onClose }: Props) {
  const details = useAsk('connections.show', { name });
  const remove = useDo('connections.remove');
  const used = details.data?.replications ?? [];
  return (
    <RemoveDialog
      name={name}
      act="Remove connection"
      busy={remove.isPending}
      error={remove.error}
      onRemove={() => remove.mutate({ name }, { onSuccess: onRemoved })}
      onClose={onClose}
    >
      Leadferry signs out and removes the secrets from this computer. Records in Salesforce stay.
      {used.length > 0 && ` Used by ${used.join(', ')}.`}
    </RemoveDialog>
  );
}
