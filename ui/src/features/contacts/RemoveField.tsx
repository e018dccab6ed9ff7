/** Removing a custom field: what uses it, and whose values go with it. */

import type { FormEvent } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { CustomFieldInfo, CustomFieldUses } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';

type Props = { field: CustomFieldInfo; onClose: () => void };

export function RemoveField({ field, onClose }: Props) {
  const uses = useAsk('custom_fields.uses', { name: field.name });
  const remove = useDo('custom_fields.remove');
  const isFree = uses.data?.users.length === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isFree) remove.mutate({ name: field.name, with_values: true }, { onSuccess: onClose });
  };
  return (
    <Dialog opened onClose={onClose} title={`Remove ${visible(field.name)}`} size={460}>
      <form onSubmit={submit}>
        {uses.isError && <Trouble error={uses.error} retry={() => void uses.refetch()} />}
        {uses.isPending && <Rows count={2} />}
        {uses.data && <Told uses={uses.data} />}
        {remove.error && <Trouble error={remove.error} />}
        <DialogButtons onCancel={onClose} destroys disabled={!isFree} busy={remove.isPending}>
          Remove field
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function Told({ uses: { contacts, users } }: { uses: CustomFieldUses }) {
  if (users.length > 0) {
    return (
      <>
        <p>These use the field. Change them before you remove it.</p>
        <ul>
          {users.map((user) => (
            <li key={user}>{visible(user.charAt(0).toUpperCase() + user.slice(1))}</li>
          ))}
        </ul>
      </>
    );
  }
  if (contacts === 0) return <p>No contact has a value in this field.</p>;
  return <p>This also deletes the value of {counted(contacts, 'contact')}. You can’t undo it.</p>;
}
