/** Naming and removing a purpose, a preference or a preference value. */
import { Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Trouble } from '../../components/Trouble';
import type { PurposeInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { lastName } from './paths';

type Props = { purpose: PurposeInfo; onClose: () => void };

export function RenamePurpose({ purpose: { path }, onClose }: Props) {
  const rename = useDo('consents.rename');
  const [name, setName] = useState(lastName(path));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate({ path, name }, { onSuccess: onClose });
  };
  return (
    <Dialog opened onClose={onClose} title={`Rename ${path}`} size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="Rules that use it get the new name, too."
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {rename.error && <Trouble error={rename.error} />}
          <DialogButtons onCancel={onClose} busy={rename.isPending} disabled={!name.trim() && 'Enter a name'}>
            Rename
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}

/** `lost` are the purpose and everything below it. */
export function RemovePurpose({ purpose, lost, onClose }: Props & { lost: readonly PurposeInfo[] }) {
  const remove = useDo('consents.remove');
  const answers = lost.reduce((sum, one) => sum + one.given + one.refused, 0);
  const below = lost.length - 1;
  return (
    <RemoveDialog
      name={purpose.path}
      act="Remove purpose"
      busy={remove.isPending}
      error={remove.error}
      onRemove={() => remove.mutate({ path: purpose.path }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {below > 0 && `This also removes ${counted(below, 'entry', 'entries')} below it. `}
      {answers > 0
        ? `${counted(answers, 'answer')} of contacts will be deleted. The ledger keeps them as proof. You can’t undo this.`
        : 'No contact has answered yet.'}
    </RemoveDialog>
  );
}
