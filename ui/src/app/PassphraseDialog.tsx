/** Asked when secrets are kept in a sealed file, since this computer has no keychain: entered, or chosen the first time. */
import { Modal, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
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
      else setWrong('It does not open the file.');
    } catch (thrown) {
      setWrong(sentence(asHostError(thrown).message));
    }
    setBusy(false);
  };
  return (
    <Modal
      opened
      onClose={() => onClose(false)}
      title={exists ? 'Passphrase of the secrets' : 'Choose a passphrase for the secrets'}
      size={460}
    >
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <p>
            {exists
              ? 'The sign-ins of this workspace are in a sealed file. It stays open until you close the window.'
              : 'This computer offers no keychain, so sign-ins go into a sealed file. Nobody can open it without the passphrase, and nobody can find it again.'}
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
              label="The same once more"
              value={again}
              error={differs ? 'The two differ.' : undefined}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
          )}
          <DialogButtons onCancel={() => onClose(false)} disabled={!complete} busy={busy}>
            {exists ? 'Open' : 'Keep secrets with it'}
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}
