/** Imports a key from a file: looks into it first, and shows what it holds. */
import { Button, PasswordInput, Radio } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Chip } from '../../components/Chip';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { sentence, Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { KeyFileEntry, KeyFileKind } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { CertificateFacts } from './CertificateFacts';
import classes from './Connections.module.css';

const kinds: Record<KeyFileKind, string> = {
  pem: 'PEM file',
  pkcs12: 'PKCS #12 file',
  java_keystore: 'Java keystore',
  certificate: 'Certificate without a key',
};

type Props = { onImported: (id: string) => void; onClose: () => void };

export function ImportKey({ onImported, onClose }: Props) {
  const pick = useDo('shell.pick_file');
  const inspect = useDo('connections.inspect_key');
  const take = useDo('connections.import_key');
  const [path, setPath] = useState<string | null>(null);
  const [certificate, setCertificate] = useState<string | null>(null);
  // Neither is kept anywhere but in this dialog.
  const [passphrase, setPassphrase] = useState('');
  const [keyPassphrase, setKeyPassphrase] = useState('');
  const [alias, setAlias] = useState<string | null>(null);
  const secrets = {
    ...(passphrase ? { passphrase } : {}),
    ...(keyPassphrase ? { key_passphrase: keyPassphrase } : {}),
  };
  const held = inspect.data?.entries ?? [];
  const keys = held.filter(({ has_key: hasKey }) => hasKey);
  const chosen = keys.length === 1 ? keys[0] : keys.find((one) => one.alias === alias);
  const look = (path: string) => inspect.mutate({ path, ...secrets });
  const choose = () =>
    pick.mutate(
      { what: 'key' },
      {
        onSuccess: (picked) => {
          if (!picked) return;
          setPath(picked);
          setAlias(null);
          setCertificate(null);
          take.reset();
          look(picked);
        },
      },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!path) return;
    if (!inspect.data || chosen?.problem) return look(path);
    take.mutate(
      {
        path,
        ...secrets,
        ...(chosen?.alias ? { alias: chosen.alias } : {}),
        ...(certificate ? { certificate } : {}),
      },
      { onSuccess: ({ id }) => onImported(id) },
    );
  };
  const canImport = inspect.data !== undefined && chosen !== undefined && !chosen.problem;
  return (
    <Dialog opened onClose={onClose} title="Import a key" size={620}>
      <form onSubmit={submit} className={classes.form}>
        <p className={classes.quiet}>
          Leadferry reads .pem, .p12, .pfx and .jks files. The file stays as it is. Its private key goes into
          your vault.
        </p>
        <div className={classes.reading}>
          <Button variant="default" data-autofocus onClick={choose}>
            {path ? 'Choose another file…' : 'Choose a key file…'}
          </Button>
          {path && <span className="mono selectable">{visible(path)}</span>}
        </div>
        {path && (
          <>
            <PasswordInput
              label="Passphrase of the file"
              description="Leave it empty if the file has none"
              value={passphrase}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
            <PasswordInput
              label="Passphrase of the key (only if it’s another one)"
              value={keyPassphrase}
              onChange={(event) => setKeyPassphrase(event.currentTarget.value)}
            />
          </>
        )}
        {inspect.error && <Trouble error={inspect.error} />}
        {inspect.data && (
          <section aria-label="What the file holds" className={classes.form}>
            <strong>{kinds[inspect.data.kind]}</strong>
            {keys.length > 1 ? (
              <Radio.Group label="Key" value={alias} onChange={setAlias}>
                {keys.map((one) => (
                  <Radio key={one.alias} value={one.alias} label={visible(one.alias)} />
                ))}
              </Radio.Group>
            ) : null}
            {(chosen ? [chosen] : held).map((one) => (
              <Entry key={one.alias} entry={one} />
            ))}
            {chosen && !chosen.certificate && (
              <div className={classes.reading}>
                <Button
                  variant="default"
                  onClick={() =>
                    pick.mutate({ what: 'certificate' }, { onSuccess: (picked) => setCertificate(picked) })
                  }
                >
                  Add its certificate…
                </Button>
                <span className="mono selectable">
                  {visible(certificate ?? 'The file has no certificate.')}
                </span>
              </div>
            )}
          </section>
        )}
        {take.error && <Trouble error={take.error} focus />}
        <DialogButtons
          onCancel={onClose}
          busy={take.isPending || inspect.isPending}
          disabled={!path && 'Choose a file first'}
        >
          {canImport ? 'Import key' : 'Open file'}
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function Entry({ entry }: { entry: KeyFileEntry }) {
  const { alias, has_key: hasKey, bits, problem, certificate } = entry;
  return (
    <dl className={classes.facts}>
      {alias && (
        <>
          <dt>Alias</dt>
          <dd className="selectable">{visible(alias)}</dd>
        </>
      )}
      <dt>Private key</dt>
      <dd>
        {problem ? <Chip tone="fail">{sentence(problem)}</Chip> : hasKey ? `RSA ${bits ?? ''} bits` : 'None'}
      </dd>
      {certificate && <CertificateFacts certificate={certificate} />}
    </dl>
  );
}
