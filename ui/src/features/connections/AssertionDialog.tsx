/** What a connection signs in with: header and claims of the assertion, never its signature. */
import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Dialog } from '../../components/Dialog';
import { exactly } from '../../components/moments';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { Assertion } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Connections.module.css';

type Props = { name: string; onClose: () => void };

export function AssertionDialog({ name, onClose }: Props) {
  const shown = useAsk('connections.assertion', { name });
  return (
    <Dialog opened onClose={onClose} title={`What ${visible(name)} signs in with`} size={620}>
      {shown.isError && <Trouble error={shown.error} retry={() => void shown.refetch()} />}
      {shown.isPending && <Rows />}
      {shown.data && <Decoded assertion={shown.data} />}
    </Dialog>
  );
}

function Decoded({ assertion }: { assertion: Assertion }) {
  const { header, claims, sent_to: to, made_at: from, expires_at: until, warnings } = assertion;
  const clipboard = useClipboard({ timeout: 2000 });
  const text = JSON.stringify({ header, claims }, null, 2);
  return (
    <div className={classes.form}>
      <p className={classes.quiet}>
        Decoded for your administrator or Salesforce Support. It isn’t signed, so nobody can sign in with it.
      </p>
      <dl className={classes.facts}>
        <dt>Sent to</dt>
        <dd className="mono selectable">{visible(to)}</dd>
        <dt>Valid</dt>
        <dd>
          {exactly(from)} to {exactly(until)}
        </dd>
      </dl>
      {warnings.map(({ text, cure }) => (
        <p key={text} className={classes.doubt}>
          {sentence(text)} {sentence(cure)}
        </p>
      ))}
      <pre className={`mono selectable ${classes.code}`}>{text.split('\n').map(visible).join('\n')}</pre>
      <div>
        <Button size="xs" variant="default" onClick={() => clipboard.copy(text)}>
          {clipboard.copied ? 'Copied' : 'Copy header and claims'}
        </Button>
      </div>
    </div>
  );
}
