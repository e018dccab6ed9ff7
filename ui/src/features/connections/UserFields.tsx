/** Who signs in, for the flows that ask for it: the user's name, and the password with its warning. */
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { SetUpStep, Vault } from '../../ipc/bindings';
import { placeOf } from './AppFields';
import classes from './Connections.module.css';

type UsernameProps = { value: string; onChange: (text: string) => void; fault: SetUpStep | null };

export function Username({ value, onChange, fault }: UsernameProps) {
  const isWrong = value.trim() !== '' && !/^[^\s@]+@[^\s@]+$/.test(value.trim());
  return (
    <TextInput
      id="field-username"
      label="Username"
      description="The user’s Salesforce username, which looks like an email address"
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={
        isWrong
          ? 'Enter the whole username, with its @.'
          : fault === 'username'
            ? 'Check this field.'
            : undefined
      }
    />
  );
}

type PasswordProps = {
  password: string;
  onPassword: (text: string) => void;
  token: string;
  onToken: (text: string) => void;
  /** A password is kept for the connection already. */
  hasPassword: boolean;
  vault: Vault | undefined;
  fault: SetUpStep | null;
};

export function PasswordFields(props: PasswordProps) {
  const { password, onPassword, token, onToken, hasPassword, vault, fault } = props;
  const saved = hasPassword ? 'Saved. Type to replace it. ' : '';
  return (
    <>
      <PasswordInput
        id="field-password"
        label="Password"
        description={`${password === '' ? saved : ''}${placeOf(vault)}`}
        autoComplete="off"
        value={password}
        onChange={(event) => onPassword(event.currentTarget.value)}
        error={fault === 'password' ? 'Check the username, the password and the security token.' : undefined}
      />
      <PasswordInput
        label="Security token (outside trusted networks)"
        description="Salesforce emails it to the user: Settings > My Personal Information > Reset My Security Token. Not needed from the org’s trusted IP ranges."
        autoComplete="off"
        value={token}
        onChange={(event) => onToken(event.currentTarget.value)}
      />
    </>
  );
}

/** Why a password is the last resort, and the way out, which keeps what was typed. */
export function Discouraged({ onBrowser }: { onBrowser: () => void }) {
  return (
    <div className={classes.discouraged} role="note">
      <strong className={classes.state}>
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden /> Not recommended
      </strong>
      <ul>
        <li>Leadferry has to keep your password on this computer.</li>
        <li>
          Salesforce blocks this kind of sign-in in orgs created since Summer ’23, unless an admin allows it.
        </li>
        <li>It stops working when the password changes, and it can’t ask for a second factor.</li>
      </ul>
      <Button size="xs" variant="default" onClick={onBrowser}>
        Use the browser instead
      </Button>
    </div>
  );
}
