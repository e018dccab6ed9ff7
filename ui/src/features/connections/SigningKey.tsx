/** The key that a connection signs in with: created here, imported, or one that is there; its certificate for upload. */
import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { Chip } from '../../components/Chip';
import { CopyText } from '../../components/CopyText';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { visible } from '../../components/visible';
import type { SigningKey as Key } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { CertificateFacts } from './CertificateFacts';
import classes from './Connections.module.css';
import { ExportKey } from './ExportKey';

const OPENSSL =
  'openssl req -x509 -sha256 -nodes -newkey rsa:4096 -days 3650 -keyout key.pem -out cert.pem -subj "/CN=Leadferry"';

type Props = {
  /** The key's id. */
  value: string | null;
  onChange: (id: string | null) => void;
  /** What a new certificate is called. */
  name: string;
  /** Opens the dialog that imports a key; it has a form of its own and can't stand in another. */
  onImport: () => void;
  isFaulty?: boolean;
};

export function SigningKey({ value, onChange, name, onImport, isFaulty = false }: Props) {
  const keys = useAsk('connections.keys', {});
  const make = useDo('connections.make_key');
  const key = keys.data?.find(({ id }) => id === value);
  // A key that signs in somewhere stays there.
  const others = keys.data?.filter((one) => one.is_here && one.connections.length === 0) ?? [];
  return (
    <section className={classes.key} aria-label="Signing key" data-fault={isFaulty || undefined}>
      <h3 className={classes.keyTitle}>Signing key</h3>
      {keys.isError && <Trouble error={keys.error} retry={() => void keys.refetch()} />}
      {key && <Chosen signingKey={key} onOther={() => onChange(null)} />}
      {!key && keys.data && (
        <>
          <p className={classes.quiet}>
            Leadferry signs in with a private key that stays on this computer unless you export it. Salesforce
            gets its certificate.
          </p>
          <div className={classes.buttons}>
            <Button
              variant="default"
              loading={make.isPending}
              onClick={() =>
                make.mutate({ name: name.trim() || 'Leadferry' }, { onSuccess: ({ id }) => onChange(id) })
              }
            >
              Create a key
            </Button>
            <Button variant="default" disabled={make.isPending} onClick={onImport}>
              Import a key file…
            </Button>
          </div>
          {others.length > 0 && (
            <Select
              label="Or use a key that you have"
              placeholder="Choose a key"
              data={others.map((one) => ({ value: one.id, label: `${visible(one.name)} (${short(one)})` }))}
              value={null}
              onChange={(id) => id && onChange(id)}
            />
          )}
          <details>
            <summary>Use openssl instead</summary>
            <p className={classes.quiet}>
              This makes an RSA key of 4096 bits with a certificate for 10 years. Upload cert.pem to
              Salesforce, and import key.pem here together with cert.pem.
            </p>
            <CopyText text={OPENSSL} label="the openssl command" />
          </details>
        </>
      )}
      {make.error && <Trouble error={make.error} focus />}
    </section>
  );
}

function Chosen({ signingKey, onOther }: { signingKey: Key; onOther: () => void }) {
  const save = useDo('connections.save_certificate');
  const [exporting, setExporting] = useState(false);
  const { id, name, bits, certificate, is_here: isHere } = signingKey;
  return (
    <>
      <dl className={classes.facts}>
        <dt>Key</dt>
        <dd className="selectable">
          {visible(name)}, RSA {bits} bits{' '}
          {!isHere && <Chip tone="fail">The private key isn’t on this computer</Chip>}
        </dd>
        {certificate && <CertificateFacts certificate={certificate} />}
      </dl>
      {!isHere && (
        <p className={classes.doubt}>
          Keys stay on the computer they were made on. Import the key file here, or create a new key and
          upload its certificate to Salesforce.
        </p>
      )}
      {!certificate && (
        <p className={classes.doubt}>
          The key came without its certificate. The app in Salesforce must hold the certificate that belongs
          to it.
        </p>
      )}
      {save.error && <Trouble error={save.error} focus />}
      <div className={classes.buttons}>
        {certificate && (
          <Button
            variant="default"
            loading={save.isPending}
            onClick={() =>
              save.mutate(
                { key: id },
                {
                  onSuccess: (place) =>
                    place && say(`Saved the certificate to ${place}. Upload it to Salesforce.`),
                },
              )
            }
          >
            Save certificate…
          </Button>
        )}
        {isHere && (
          <Button variant="default" onClick={() => setExporting(true)}>
            Export key…
          </Button>
        )}
        <Button variant="default" onClick={onOther}>
          Use another key
        </Button>
      </div>
      {exporting && <ExportKey id={id} name={name} onClose={() => setExporting(false)} />}
    </>
  );
}

/** Tells keys of the same name apart. */
function short({ id }: Key): string {
  return id.slice(0, 8);
}
