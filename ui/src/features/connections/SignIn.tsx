/** Signing in: started, in progress, refused. It goes on in the host, also while another screen is shown. */
import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { CopyText } from '../../components/CopyText';
import { Trouble } from '../../components/Trouble';
import type { Flow, SignInFailure, SigningIn } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';
import { SignInRefused } from './SignInRefused';

const POLL_MS = 500;
/** How often it is looked whether another screen or process has begun one. */
const IDLE_POLL_MS = 3000;
const MINUTE_MS = 60_000;

/** The sign-in to a connection of this name, whichever screen has begun it; none where the name is empty. What another way
 * than `flow` was refused for isn't told. */
export function useSignIn(name: string, flow: Flow, onDone: (connection: string) => void) {
  const signIn = useDo('connections.authorize');
  const stop = useDo('connections.stop_sign_in');
  const [isGoing, setGoing] = useState(false);
  const asked = useAsk(
    'connections.sign_in_state',
    { name },
    { enabled: name !== '', everyMs: signIn.isPending || isGoing ? POLL_MS : IDLE_POLL_MS },
  );
  const state = asked.data ?? null;
  const isPending = signIn.isPending || state?.under_way != null;
  useEffect(() => setGoing(isPending), [isPending]);
  const last: SignInFailure | null = isPending ? null : (refusalOf(signIn.data) ?? state?.refused ?? null);
  const failure = last?.flow === flow ? last : null;
  const isOurs = useRef(false);
  useFinishedElsewhere(name, !isOurs.current && state?.under_way != null, onDone);
  return {
    begin: (connection: string, keyPastedAt: number | null) => {
      isOurs.current = true;
      signIn.mutate(
        {
          name: connection,
          open_browser: true,
          ...(keyPastedAt === null ? {} : { key_pasted_at: keyPastedAt }),
        },
        { onSuccess: (result) => result.outcome === 'signed_in' && onDone(connection) },
      );
    },
    stop: () => stop.mutate({ name }),
    forget: () => signIn.reset(),
    isPending,
    state: state?.under_way ?? null,
    error: signIn.error,
    failure,
  };
}

type Outcome = { outcome: 'signed_in' } | { outcome: 'refused'; failure: SignInFailure };

function refusalOf(outcome: Outcome | undefined): SignInFailure | null {
  return outcome?.outcome === 'refused' ? outcome.failure : null;
}

/** A sign-in that another screen has begun tells this one nothing when it is done: it is looked at. */
function useFinishedElsewhere(name: string, isElsewhere: boolean, onDone: (connection: string) => void) {
  const seenAt = useRef<number | null>(null);
  const list = useAsk('connections.list', {}, { enabled: false });
  useEffect(() => {
    if (isElsewhere) {
      seenAt.current ??= Date.now();
      return;
    }
    const since = seenAt.current;
    seenAt.current = null;
    if (since === null) return;
    void list.refetch().then(({ data }) => {
      const one = data?.find((connection) => connection.name === name);
      if ((one?.signed_in_at ?? 0) >= since) onDone(name);
    });
  }, [isElsewhere, name, list, onDone]);
}

/** What is shown until Salesforce has answered. */
export function UnderWay({ signIn, flow }: { signIn: ReturnType<typeof useSignIn>; flow: Flow }) {
  const { state, stop } = signIn;
  return (
    <div className={classes.signIn}>
      {state?.phase === 'activating' ? (
        <Activating until={state.until} />
      ) : (
        <p role="status">{words(state, flow)}</p>
      )}
      {state?.address && <CopyText text={state.address} label="the address" />}
      <Button variant="default" onClick={stop}>
        Stop signing in
      </Button>
    </div>
  );
}

/** A new app is waited for: how long it may still take. */
function Activating({ until }: { until: number | null }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS / 12);
    return () => clearInterval(timer);
  }, []);
  const left = until === null ? null : Math.max(1, Math.ceil((until - now) / MINUTE_MS));
  return (
    <div role="status">
      <p>
        <strong>Still activating.</strong> Salesforce doesn’t recognize the app yet. A new app can take up to
        10 minutes.
      </p>
      <p className={classes.quiet}>
        Leadferry tries again every 15 seconds{left !== null && `, for ${left} more min`}, also while you work
        on another screen.
      </p>
    </div>
  );
}

function words(state: SigningIn | null, flow: Flow): string {
  if (state?.phase === 'finishing') return 'Salesforce said yes. Reading who is signed in…';
  if (flow === 'browser' && state?.phase === 'browser') {
    return 'Sign in on the Salesforce page in your browser. This page continues by itself.';
  }
  return 'Signing in to Salesforce…';
}

type StateProps = { signIn: ReturnType<typeof useSignIn>; flow: Flow };

/** How signing in goes, or went: nothing before it was begun. */
export function SignInState({ signIn, flow }: StateProps) {
  return (
    <>
      {signIn.isPending && <UnderWay signIn={signIn} flow={flow} />}
      {signIn.error && !signIn.isPending && <Trouble error={signIn.error} focus />}
      {signIn.failure && <SignInRefused failure={signIn.failure} flow={flow} />}
    </>
  );
}

export function SignIn({ signIn, name, flow }: StateProps & { name: string }) {
  return (
    <div className={classes.signIn}>
      {!signIn.isPending && (
        <Button onClick={() => signIn.begin(name, null)}>
          {flow === 'browser' ? 'Sign in with the browser' : 'Sign in'}
        </Button>
      )}
      <SignInState signIn={signIn} flow={flow} />
    </div>
  );
}
