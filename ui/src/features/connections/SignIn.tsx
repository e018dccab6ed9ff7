/** Signing in through the browser: begun, under way, refused. */
import { Button } from '@mantine/core';
import { CopyText } from '../../components/CopyText';
import { Trouble } from '../../components/Trouble';
import type { SignInFailure } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';
import { SignInRefused } from './SignInRefused';

const POLL_MS = 500;

/** A sign-in to a connection of this name. */
export function useSignIn(name: string) {
  const signIn = useDo('connections.authorize');
  const stop = useDo('connections.stop_sign_in');
  const state = useAsk(
    'connections.sign_in_state',
    { name },
    { enabled: signIn.isPending, everyMs: signIn.isPending ? POLL_MS : false },
  );
  const failure: SignInFailure | null =
    signIn.data?.outcome === 'refused' && !signIn.isPending ? signIn.data.failure : null;
  return {
    begin: (connection: string, keyPastedAt: number | null, onDone: () => void) =>
      signIn.mutate(
        {
          name: connection,
          open_browser: true,
          ...(keyPastedAt === null ? {} : { key_pasted_at: keyPastedAt }),
        },
        { onSuccess: (result) => result.outcome === 'signed_in' && onDone() },
      ),
    stop: () => stop.mutate({ name }),
    isPending: signIn.isPending,
    state: state.data ?? null,
    error: signIn.error,
    failure,
  };
}

/** What is shown while the browser has the word. */
export function UnderWay({ signIn }: { signIn: ReturnType<typeof useSignIn> }) {
  const isNew = signIn.state?.phase === 'activating';
  return (
    <div className={classes.signIn}>
      <p role="status">
        {isNew
          ? 'Salesforce does not know the app yet, which takes up to ten minutes. It is asked again until it does.'
          : 'Your browser shows Salesforce’s own page. Sign in there; this page goes on by itself.'}
      </p>
      {signIn.state?.address && <CopyText text={signIn.state.address} label="the address" />}
      <Button variant="default" onClick={signIn.stop}>
        Stop signing in
      </Button>
    </div>
  );
}

export function SignIn({ name, onDone }: { name: string; onDone?: () => void }) {
  const signIn = useSignIn(name);
  return (
    <div className={classes.signIn}>
      {signIn.isPending ? (
        <UnderWay signIn={signIn} />
      ) : (
        <Button onClick={() => signIn.begin(name, null, () => onDone?.())}>Sign in with the browser</Button>
      )}
      {signIn.error && <Trouble error={signIn.error} focus />}
      {signIn.failure && <SignInRefused failure={signIn.failure} />}
    </div>
  );
}
