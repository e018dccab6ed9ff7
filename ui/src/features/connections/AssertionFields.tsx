/** Whom an assertion is for, and how long it is valid: what an org may ask to be otherwise. */
import { TextInput } from '@mantine/core';
import { NumberField } from '../../components/NumberField';
import classes from './Connections.module.css';

/** Beyond it, many orgs refuse an assertion. */
const USUAL_S = 300;
/** A number as large as this counts milliseconds. */
const MILLISECONDS = 10_000;

type Props = {
  audience: string;
  onAudience: (text: string) => void;
  lifetime: number | null;
  onLifetime: (seconds: number | null) => void;
};

export function AssertionFields({ audience, onAudience, lifetime, onLifetime }: Props) {
  return (
    <>
      <TextInput
        label="Audience (optional)"
        description="Leave it empty to use the one that fits the address"
        value={audience}
        onChange={(event) => onAudience(event.currentTarget.value)}
      />
      <div className={classes.field}>
        <NumberField
          label="Valid for, in seconds (optional)"
          description="Leave it empty for 180 seconds. Each sign-in gets a new assertion."
          value={lifetime ?? ''}
          onChange={(seconds) => onLifetime(seconds === '' ? null : seconds)}
          whole
          min={30}
        />
        {lifetime !== null && lifetime >= MILLISECONDS && (
          <p className={classes.doubt} role="status">
            This looks like milliseconds. Enter seconds.
          </p>
        )}
        {lifetime !== null && lifetime > USUAL_S && lifetime < MILLISECONDS && (
          <p className={classes.doubt} role="status">
            Salesforce may refuse an assertion that is valid for more than 5 minutes.
          </p>
        )}
      </div>
    </>
  );
}
