/** Makes one contact of two that are the same person. */
import { Radio, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import { asHostError } from '../../ipc/call';
import { useAsk, useDo } from '../../ipc/queries';

type Props = {
  /** The contact that is blocked. */
  contact: string;
  /** The one that it may be. */
  other: string;
  onClose: () => void;
};

export function MergeDialog({ contact, other, onClose }: Props) {
  const merge = useDo('contacts.merge');
  const undo = useDo('contacts.undo');
  const [survivor, setSurvivor] = useState(other);
  const takeBack = async (acts: readonly number[]) => {
    try {
      for (const act of [...acts].reverse()) await undo.mutateAsync({ act });
    } catch (thrown) {
      say(asHostError(thrown).message);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    merge.mutate(
      { survivor, others: [survivor === other ? contact : other] },
      {
        onSuccess: ({ acts }) => {
          onClose();
          offerUndo('Merged 2 contacts.', () => void takeBack(acts));
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title="Merge 2 contacts" size={460}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Radio.Group
            label="Contact to keep"
            description="Its empty fields are filled from the other contact."
            value={survivor}
            onChange={setSurvivor}
          >
            <Stack gap="xs" mt="xs">
              <Person guid={other} />
              <Person guid={contact} />
            </Stack>
          </Radio.Group>
          {merge.error && <Trouble error={merge.error} focus />}
          <DialogButtons onCancel={onClose} busy={merge.isPending}>
            Merge contacts
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}

function Person({ guid }: { guid: string }) {
  const card = useAsk('contacts.show', { contact: guid }).data;
  const text = (field: string) => {
    const value = card?.fields[field];
    return typeof value === 'string' && value !== card?.name ? value : null;
  };
  const more = [text('email'), text('company_name')].filter(Boolean).join(', ');
  return <Radio value={guid} label={card?.name ?? '…'} description={more || undefined} />;
}
