/** What is wrong with a connection, or soon will be. */
import { sentence } from '../../components/Trouble';
import type { ConnectionInfo } from '../../ipc/bindings';
import classes from './Connections.module.css';

/** Why it didn't work when it was tried last. */
export function LastTrouble({ connection: { facts } }: { connection: ConnectionInfo }) {
  const { trouble } = facts;
  if (!trouble) return null;
  return (
    <p className={classes.trouble}>
      <strong>{sentence(trouble.message)}</strong> {trouble.cause && sentence(trouble.cause)}{' '}
      {sentence(trouble.cure)}
    </p>
  );
}

/** The certificate of its key ends soon, or has ended. */
export function CertificateWarning({
  connection: { certificate_warning: warning },
}: {
  connection: ConnectionInfo;
}) {
  if (!warning) return null;
  return (
    <p className={classes.doubt}>
      <strong>{sentence(warning.text)}</strong> {sentence(warning.cure)}
    </p>
  );
}
