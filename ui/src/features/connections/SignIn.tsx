/** Signing in through the browser: begun, under way, refused. */
import { Button } from '@mantine/core';
import { CopyText } from '../../components/CopyText';
import { sentence, Trouble } from '../../components/Trouble';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';

const POLL_MS = 500;

export function SignIn({ name, onDone }: { name: string; onDone?: () => void }) {
  const signIn = useDo('connections.authorize');
  const stop = useDo('connections.stop_sign_in');
  const state = useAsk(
    'connections.sign_in_state',
    { name },
    { enabled: signIn.isPending, everyMs: signIn.isPending ? POLL_MS : false },
  );
  const outcome = signIn.data;
  const failure = outcome?.outcome === 'refused' ? outcome.failure : null;
  return (
    <div className={classes.signIn}>
      {signIn.isPending ? (
        <>
          <p role="status">
            Your browser shows Salesforce’s own page. Sign in there; this page goes on by itself.
          </p>
          {state.data?.address && <CopyText text={state.data.address} label="the address" />}
          <Button variant="default" onClick={() => stop.mutate({ name })}>
            Stop signing in
          </Button>
        </>
      ) : (
        <Button
          onClick={() =>
            signIn.mutate(
              { name, open_browser: true },
              { onSuccess: (result) => result.outcome === 'signed_in' && onDone?.() },
            )
          }
        >
          Sign in with the browser
        </Button>
      )}
      {signIn.error && <Trouble error={signIn.error} focus />}
      {failure && (
        <div className={classes.trouble} role="alert">
          <strong>{sentence(failure.message)}</strong> {failure.cause && sentence(failure.cause)}{' '}
          {sentence(failure.cure)}
          {failure.raw && (
            <details>
              <summary>What Salesforce answered</summary>
              <span className="mono selectable">
                {failure.raw.code} {failure.raw.words}
              </span>
            </details>
          )}
        </div>
      )}
    </div>
  );
}
