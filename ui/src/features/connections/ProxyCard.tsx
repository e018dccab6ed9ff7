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
        {kept.data && <Form key={kept.data.proxy} kept={kept.data.proxy} />}
      </Card>
    </div>
  );
}

function Form({ kept }: { kept: string }) {
  const keptWay: Way = kept === 'system' || kept === 'none' ? kept : 'own';
  const [way, setWay] = useState<Way>(keptWay);
  const [address, setAddress] = useState(keptWay === 'own' ? kept : '');
  const set = useDo('connections.set_proxy');
  const proxy = way === 'own' ? address.trim() : way;
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ proxy }, { onSuccess: () => say('Proxy saved.') });
  };
  return (
    <form className={classes.form} onSubmit={save}>
      <SegmentedControl
        aria-label="Proxy"
        data={ways}
        value={way}
        onChange={(value) => setWay(value as Way)}
      />
      {way === 'own' && (
        <TextInput
          label="Address of the proxy"
          description="Such as proxy.acme.com:8080. A proxy that asks for a password is set in the system."
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
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
