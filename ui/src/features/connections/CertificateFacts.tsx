/** What a certificate says: whose it is, its fingerprints, until when it counts. */
import { Chip } from '../../components/Chip';
import { dateFormat } from '../../components/locale';
import { visible } from '../../components/visible';
import type { Certificate } from '../../ipc/bindings';

const DAY_MS = 86_400_000;
/** An administrator needs time to upload another one. */
const WARNED_DAYS = 30;

export function CertificateFacts({ certificate }: { certificate: Certificate }) {
  const { subject, sha256, sha1, valid_from: from, expires_at: until } = certificate;
  return (
    <>
      <dt>Certificate</dt>
      <dd className="selectable">{visible(subject)}</dd>
      <dt>Valid</dt>
      <dd>
        {day(from)} to {day(until)} <Expiry at={until} />
      </dd>
      <dt>SHA-256 fingerprint</dt>
      <dd className="mono selectable">{sha256}</dd>
      <dt>SHA-1 fingerprint</dt>
      <dd className="mono selectable">{sha1}</dd>
    </>
  );
}

function Expiry({ at }: { at: number }) {
  const days = Math.floor((at - Date.now()) / DAY_MS);
  if (days < 0) return <Chip tone="fail">Expired</Chip>;
  if (days > WARNED_DAYS) return null;
  return (
    <Chip tone="look">
      {days === 0 ? 'Expires today' : `Expires in ${days === 1 ? '1 day' : `${days} days`}`}
    </Chip>
  );
}

function day(at: number): string {
  return dateFormat({ dateStyle: 'medium' }).format(at);
}
