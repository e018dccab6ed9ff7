/** Asks for the passphrase of the encrypted file of secrets, or for a new one; shown where no keychain is used. */
import { PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Dialog } from '../components/Dialog';
import { DialogButtons } from '../components/DialogButtons';
import { sentence } from '../components/Trouble';
import type { SealedSecrets } from '../ipc/bindings';
import { asHostError, call, onPassphrase } from '../ipc/call';

const SHORTEST = 8;

export function PassphraseDialog() {
  const [secrets, setSecrets] = useState<SealedSecrets | null>(null);
  const answer = useRef<(given: boolean) => void>(() => {});
  const asking = useRef<Promise<boolean> | null>(null);
  useEffect(() => {
    onPassphrase(() => {
      // Several commands may wait for it at once: it is asked once for all of them.
      asking.current ??= call('shell.secrets', {})
        .then((found) => {
          setSecrets(found);
          return new Promise<boolean>((resolve) => {
            answer.current = resolve;
          });
        })
        .finally(() => {
          asking.current = null;
        });
      return asking.current;
    });
    return () => onPassphrase(async () => false);
  }, []);
  if (!secrets) return null;
  const close = (given: boolean) => {
    setSecrets(null);
    answer.current(given);
  };
  return <Ask secrets={secrets} onClose={close} />;
}

function Ask({ secrets, onClose }: { secrets: SealedSecrets; onClose: (given: boolean) => void }) {
  const [typed, setTyped] = useState('');
  const [again, setAgain] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const { exists } = secrets;
  const differs = !exists && again !== '' && again !== typed;
  const complete = exists ? typed !== '' : typed.length >= SHORTEST && again === typed;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!complete) return;
    setBusy(true);
    try {
      const { right } = await call('shell.unlock', { passphrase: typed });
      if (right) onClose(true);
      else setWrong('This passphrase doesn’t open the file.');
    } catch (thrown) {
      setWrong(sentence(asHostError(thrown).message));
    }
    setBusy(false);
  };
  return (
    <Dialog
      opened
      onClose={() => onClose(false)}
      title={exists ? 'Enter your passphrase' : 'Choose a passphrase'}
      size={460}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <p>
            {exists
              ? 'Your Salesforce sign-ins are in an encrypted file. It stays unlocked until you close the window.'
              : 'Leadferry uses no keychain on this computer, so it keeps your Salesforce sign-ins in a file encrypted with this passphrase. If you forget it, you sign in to Salesforce again.'}
          </p>
          <PasswordInput
            label="Passphrase"
            description={exists ? undefined : `At least ${SHORTEST} characters`}
            data-autofocus
            value={typed}
            error={wrong}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setWrong('');
            }}
          />
          {!exists && (
            <PasswordInput
              label="Repeat the passphrase"
              value={again}
              error={differs ? 'The passphrases don’t match.' : undefined}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
          )}
          <DialogButtons onCancel={() => onClose(false)} disabled={!complete} busy={busy}>
            {exists ? 'Unlock' : 'Set passphrase'}
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
