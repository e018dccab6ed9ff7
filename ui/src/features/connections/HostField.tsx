/** The address of an org: a prefix, a host or a URL, and what it was understood as. */
import { Anchor, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Chip } from '../../components/Chip';
import { sentence } from '../../components/Trouble';
import { visible } from '../../components/visible';
import { useAsk } from '../../ipc/queries';
import classes from './Connections.module.css';
import { hostWords } from './words';

const PAUSE_MS = 200;
/** Sign-in pages that all orgs of a kind share. */
const shared = [
  { host: 'login.salesforce.com', name: 'Production' },
  { host: 'test.salesforce.com', name: 'Sandbox' },
] as const;

/** Returns what an address is understood as. */
export function useHost(typed: string) {
  const [text] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const reading = useAsk('connections.host', { text }, { enabled: text !== '' });
  const read = text === '' ? undefined : reading.data;
  return { address: read?.address ?? null, refusal: read?.refusal ?? '', read };
}

type Props = {
  value: string;
  onChange: (text: string) => void;
  host: ReturnType<typeof useHost>;
  /** The last sign-in failed because of it. */
  isFaulty: boolean;
  /** Only the org's own address will do. */
  ownOnly: boolean;
};

export function HostField({ value, onChange, host, isFaulty, ownOnly }: Props) {
  const { read, refusal } = host;
  return (
    <div className={classes.field}>
      <TextInput
        id="field-address"
        label="Address of your Salesforce"
        description="Such as acme, acme.my.salesforce.com or the full URL"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={refusal ? sentence(refusal) : isFaulty ? 'Check this field.' : undefined}
      />
      {!ownOnly && (
        <p className={classes.quiet}>
          Not sure? Use{' '}
          {shared.map(({ host, name }, at) => (
            <span key={host}>
              {at > 0 && ' or '}
              <Anchor component="button" type="button" onClick={() => onChange(host)}>
                {name}
              </Anchor>
            </span>
          ))}
          . Your org’s own address (My Domain) is safer when you use several orgs.
        </p>
      )}
      {read?.address && read.kind && (
        <p className={classes.reading} role="status">
          <span className="mono selectable">{visible(read.address)}</span>
          <Chip tone={hostWords[read.kind].tone}>{hostWords[read.kind].word}</Chip>
          {read.note && <span className={classes.quiet}>{sentence(read.note)}</span>}
        </p>
      )}
      {ownOnly && read?.address && /^https:\/\/(login|test)\.salesforce\.com$/.test(read.address) && (
        <p className={classes.doubt}>
          An app can only sign in at your org’s own address, such as acme.my.salesforce.com.
        </p>
      )}
    </div>
  );
}
