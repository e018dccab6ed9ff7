/** Signing in: started, in progress, refused. */
import { Button } from '@mantine/core';
import { CopyText } from '../../components/CopyText';
import { Trouble } from '../../components/Trouble';
import type { Flow, SignInFailure } from '../../ipc/bindings';
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

/** What is shown until Salesforce has answered. */
export function UnderWay({ signIn, flow }: { signIn: ReturnType<typeof useSignIn>; flow: Flow }) {
  return (
    <div className={classes.signIn}>
      <p role="status">{words(signIn.state?.phase === 'activating', flow)}</p>
      {signIn.state?.address && <CopyText text={signIn.state.address} label="the address" />}
      <Button variant="default" onClick={signIn.stop}>
        Stop signing in
      </Button>
    </div>
  );
}

function words(isActivating: boolean, flow: Flow): string {
  if (isActivating) {
    return 'Salesforce doesn’t recognize the app yet. A new app can take up to 10 minutes. Leadferry keeps trying.';
  }
  if (flow === 'browser') {
    return 'Sign in on the Salesforce page in your browser. This page continues by itself.';
  }
  return 'Signing in to Salesforce…';
}

type SignInProps = { name: string; flow: Flow; onDone?: () => void };

export function SignIn({ name, flow, onDone }: SignInProps) {
  const signIn = useSignIn(name);
  return (
    <div className={classes.signIn}>
      {signIn.isPending ? (
        <UnderWay signIn={signIn} flow={flow} />
      ) : (
        <Button onClick={() => signIn.begin(name, null, () => onDone?.())}>
          {flow === 'browser' ? 'Sign in with the browser' : 'Sign in'}
        </Button>
      )}
      {signIn.error && <Trouble error={signIn.error} focus />}
      {signIn.failure && <SignInRefused failure={signIn.failure} />}
    </div>
  );
}
