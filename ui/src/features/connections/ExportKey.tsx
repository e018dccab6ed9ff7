/** Exports a key with its certificate to a .p12 file that a passphrase protects. */
import { PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { visible } from '../../components/visible';
import { useDo } from '../../ipc/queries';
import classes from './Connections.module.css';

const SHORTEST = 8;

type Props = { id: string; name: string; onClose: () => void };

export function ExportKey({ id, name, onClose }: Props) {
  const take = useDo('connections.export_key');
  // Neither is kept anywhere but in this dialog.
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const differs = again !== '' && again !== passphrase;
  const isComplete = passphrase.length >= SHORTEST && again === passphrase;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The dialog is opened from the form of a connection, which nobody submits here.
    event.stopPropagation();
    if (!isComplete) return;
    take.mutate(
      { key: id, passphrase },
      {
        onSuccess: (place) => {
          if (!place) return;
          say(`Exported the key to ${place}.`);
          onClose();
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title="Export the key" size={460}>
      <form onSubmit={submit} className={classes.form}>
        <p className={classes.quiet}>
          Saves {visible(name)} and its certificate as a .p12 file. Whoever has the file and its passphrase
          can sign in with it.
        </p>
        <PasswordInput
          label="Passphrase for the file"
          description={`At least ${SHORTEST} characters`}
          data-autofocus
          value={passphrase}
          onChange={(event) => setPassphrase(event.currentTarget.value)}
        />
        <PasswordInput
          label="Repeat the passphrase"
          value={again}
          error={differs && 'The passphrases don’t match.'}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        {take.error && <Trouble error={take.error} focus />}
        <DialogButtons onCancel={onClose} busy={take.isPending} disabled={!isComplete}>
          Export key
        </DialogButtons>
      </form>
    </Dialog>
  );
}
