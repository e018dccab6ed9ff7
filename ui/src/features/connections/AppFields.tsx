/** The consumer key and secret of the app in Salesforce. */
import { PasswordInput, TextInput } from '@mantine/core';
import type { Flow, SetUpStep, Vault } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Connections.module.css';
import { aboutKey, aboutSecret, doubtIn, wrongIn } from './formats';

type Props = {
  flow: Flow;
  clientId: string;
  onClientId: (text: string) => void;
  secret: string;
  onSecret: (text: string) => void;
  /** A secret is kept for the connection already. */
  hasSecret: boolean;
  /** The step that the last sign-in failed at. */
  fault: SetUpStep | null;
};

export function AppFields({ flow, clientId, onClientId, secret, onSecret, hasSecret, fault }: Props) {
  const facts = useAsk('connections.security', {});
  const [key, hidden] = [aboutKey(clientId), aboutSecret(secret)];
  const place = placeOf(facts.data?.vault);
  return (
    <>
      <div className={classes.field}>
        <TextInput
          id="field-key"
          label="Consumer key"
          classNames={{ input: 'mono' }}
          autoComplete="off"
          spellCheck={false}
          value={clientId}
          onChange={(event) => onClientId(event.currentTarget.value)}
          error={wrongIn(key) ?? (fault === 'key' ? 'Check this field.' : undefined)}
        />
        {doubtIn(key) && (
          <p className={classes.doubt} role="status">
            {doubtIn(key)}
          </p>
        )}
      </div>
      {flow !== 'jwt' && (
        <div className={classes.field}>
          <PasswordInput
            id="field-secret"
            label={flow === 'browser' ? 'Consumer secret (only if the app requires one)' : 'Consumer secret'}
            description={hasSecret && secret === '' ? `Saved. Type to replace it. ${place}`.trim() : place}
            autoComplete="off"
            value={secret}
            onChange={(event) => onSecret(event.currentTarget.value)}
            error={wrongIn(hidden) ?? (fault === 'secret' ? 'Check this field.' : undefined)}
          />
          {doubtIn(hidden) && (
            <p className={classes.doubt} role="status">
              {doubtIn(hidden)}
            </p>
          )}
        </div>
      )}
    </>
  );
}

/** Returns where a secret is kept on this computer. */
export function placeOf(vault: Vault | undefined): string {
  if (vault === 'keychain') return 'Kept in your system’s keychain.';
  return vault === 'file' ? 'Kept on this computer in a file encrypted with your passphrase.' : '';
}
