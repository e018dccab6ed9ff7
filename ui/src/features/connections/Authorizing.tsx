/** Lets Leadferry into an org: what happens next, and how it goes. */
import { Button } from '@mantine/core';
import { Dialog } from '../../components/Dialog';
import { visible } from '../../components/visible';
import type { ConnectionInfo, Flow } from '../../ipc/bindings';
import classes from './Connections.module.css';
import { SignInState, type useSignIn } from './SignIn';

/** What happens next, by the way of signing in. */
const next: Record<Flow, string> = {
  browser:
    'Salesforce opens in your browser. Sign in there and select Allow. You enter your password there, not here.',
  jwt: 'Leadferry signs in with its key, as the user above.',
  client_credentials: 'Leadferry signs in as the app, with the rights of the user that the app runs as.',
  password: 'Leadferry signs in with the saved username and password.',
  practice: '',
};

type Props = { connection: ConnectionInfo; signIn: ReturnType<typeof useSignIn>; onClose: () => void };

/** It goes on when the dialog is closed. */
export function Authorizing({ connection: { name, flow, host, username }, signIn, onClose }: Props) {
  return (
    <Dialog opened onClose={onClose} title={`Authorize access to ${visible(name)}`} size={520}>
      <dl className={classes.facts}>
        {host && (
          <>
            <dt>Sign-in address</dt>
            <dd>{visible(host)}</dd>
          </>
        )}
        {username && (
          <>
            <dt>Username</dt>
            <dd>{visible(username)}</dd>
          </>
        )}
      </dl>
      {!signIn.isPending && (
        <p>
          {next[flow]} Leadferry then reads who is signed in, the org’s name, edition and limits. It writes
          nothing.
        </p>
      )}
      <SignInState signIn={signIn} flow={flow} />
      <div className={classes.dialogButtons}>
        <Button variant="default" onClick={onClose}>
          {signIn.isPending ? 'Continue in the background' : 'Cancel'}
        </Button>
        {!signIn.isPending && (
          <Button data-autofocus onClick={() => signIn.begin(name, null)}>
            Authorize
          </Button>
        )}
      </div>
    </Dialog>
  );
}
