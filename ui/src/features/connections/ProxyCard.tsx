/** The proxy that this computer reaches Salesforce through. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';

type Way = 'system' | 'none' | 'own';

const ways: { value: Way; label: string }[] = [
  { value: 'system', label: 'Match system' },
  { value: 'none', label: 'No proxy' },
  { value: 'own', label: 'This one' },
];

export function ProxyCard() {
  const kept = useAsk('connections.proxy', {});
  return (
    <div id="proxy" tabIndex={-1}>
      <Card title="Proxy" about="How this computer reaches Salesforce, for all connections">
        {kept.isError && <Trouble error={kept.error} retry={() => void kept.refetch()} />}
        {kept.data && <Form kept={kept.data.proxy} />}
      </Card>
    </div>
  );
}

type Wish = { way: Way; address: string };

function wishOf(proxy: string): Wish {
  return proxy === 'system' || proxy === 'none'
    ? { way: proxy, address: '' }
    : { way: 'own', address: proxy };
}

/** What is chosen stays chosen, however late the answer to an earlier choice arrives. */
function Form({ kept }: { kept: string }) {
  const [chosen, setChosen] = useState<Wish | null>(null);
  const wish = chosen ?? wishOf(kept);
  const { way, address } = wish;
  const set = useDo('connections.set_proxy');
  const proxy = way === 'own' ? address.trim() : way;
  const save = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = (now: { proxy: string }) => {
      setChosen((latest) => (latest === chosen ? wishOf(now.proxy) : latest));
      say('Proxy saved.');
    };
    set.mutate({ proxy }, { onSuccess });
  };
  return (
    <form className={classes.form} onSubmit={save}>
      <SegmentedControl
        aria-label="Proxy"
        data={ways}
        value={way}
        onChange={(value) => setChosen({ ...wish, way: value as Way })}
      />
      {way === 'own' && (
        <TextInput
          label="Address of the proxy"
          description="Such as proxy.acme.com:8080. A proxy that asks for a password is set in the system."
          value={address}
          onChange={(event) => setChosen({ ...wish, address: event.currentTarget.value })}
        />
      )}
      <div className={classes.buttons}>
        <Button
          type="submit"
          variant="default"
          loading={set.isPending}
          disabled={proxy === '' || proxy === kept}
        >
          Save proxy
        </Button>
      </div>
      {set.error && <Trouble error={set.error} focus />}
    </form>
  );
}
