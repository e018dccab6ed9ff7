/** Why a connection didn't work when it was tried last. */
import { sentence } from '../../components/Trouble';
import type { Connection } from '../../ipc/bindings';
import classes from './Connections.module.css';

export function LastTrouble({ connection: { facts } }: { connection: Connection }) {
  const { trouble } = facts;
  if (!trouble) return null;
  return (
    <p className={classes.trouble}>
      <strong>{sentence(trouble.message)}</strong> {trouble.cause && sentence(trouble.cause)}{' '}
      {sentence(trouble.cure)}
    </p>
  );
}
