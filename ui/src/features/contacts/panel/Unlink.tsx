/** Removing a link: what goes, and what stays. */
import type { FormEvent } from 'react';
import { Dialog } from '../../../components/Dialog';
import { DialogButtons } from '../../../components/DialogButtons';
import { Trouble } from '../../../components/Trouble';
import { say } from '../../../components/undo';
import type { ContactLink } from '../../../ipc/bindings';
import { useDo } from '../../../ipc/queries';

type Props = { link: ContactLink; contact: string; onClose: () => void };

export function Unlink({ link, contact, onClose }: Props) {
  const unlink = useDo('links.remove');
  const object = link.object.toLowerCase();
  const connection = link.connection ? { connection: link.connection } : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    unlink.mutate(
      { contact, object: link.object, ...connection },
      {
        onSuccess: () => {
          say('Link removed. The record stays in Salesforce.');
          onClose();
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title={`Unlink this ${object}?`} size={460}>
      <form onSubmit={submit}>
        <p>
          The {object} stays in Salesforce as it is, with the Leadferry ID it has. The contact and what was
          pulled stay here.
        </p>
        <p>
          Segments and fields from Salesforce no longer use this record. A plan may find it again by the
          Leadferry ID or the email.
        </p>
        {unlink.error && <Trouble error={unlink.error} />}
        <DialogButtons onCancel={onClose} destroys busy={unlink.isPending}>
          Unlink {object}
        </DialogButtons>
      </form>
    </Dialog>
  );
}
