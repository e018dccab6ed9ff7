/** The callback's own port: what the callback becomes, whether the port is free, and that Salesforce must know it. */
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { CheckedText } from '../../components/CheckedText';
import { Chip } from '../../components/Chip';
import { CopyText } from '../../components/CopyText';
import { useAsk } from '../../ipc/queries';
import classes from './Connections.module.css';

const PAUSE_MS = 300;

type Props = {
  port: number | null;
  onChange: (port: number | null) => void;
  /** The port that the app in Salesforce is known to list; `undefined` before there is such an app. */
  was?: number | null;
};

export function PortField({ port, onChange, was }: Props) {
  // Typed digit by digit, a port is none until its last one.
  const [text, setText] = useState(port === null ? '' : String(port));
  const [asked] = useDebouncedValue(port, PAUSE_MS);
  const check = useAsk('connections.check_callback', { port: asked ?? 0 }, { enabled: asked !== null });
  const isChanged = was !== undefined && port !== was;
  return (
    <div className={classes.field}>
      <CheckedText
        label="Callback port (optional)"
        description="Only if the app in Salesforce lists a port of your own. Leave it empty to use Leadferry’s."
        inputMode="numeric"
        value={text}
        wrong={isPort(text) ? null : 'Enter a number from 1024 to 65535.'}
        onChange={(event) => {
          const typed = event.currentTarget.value.trim();
          setText(typed);
          onChange(typed !== '' && isPort(typed) ? Number(typed) : null);
        }}
      />
      {port !== null && asked === port && check.data && (
        <div className={classes.reading} role="status">
          <CopyText text={check.data.callback} label="the new callback URL" />
          {check.data.free ? <Chip tone="done">Port is free</Chip> : <Chip tone="look">Port is in use</Chip>}
        </div>
      )}
      {isChanged && (
        <p className={classes.doubt} role="status">
          Change the callback URL of the app in Salesforce, too. Until both are the same, Salesforce refuses
          to sign you in.
        </p>
      )}
    </div>
  );
}

function isPort(text: string): boolean {
  return text === '' || (/^\d{4,5}$/.test(text) && Number(text) >= 1024 && Number(text) <= 65535);
}
