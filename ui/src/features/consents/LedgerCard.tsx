/** The ledger of consent: whether it is complete, and proof of it as a file. */
import { Button } from '@mantine/core';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { LedgerInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Consents.module.css';

export function LedgerCard() {
  const verify = useDo('consents.verify');
  const pick = useDo('shell.pick_place');
  const prove = useDo('consents.prove');
  const save = async () => {
    const place = await pick.mutateAsync({ what: 'proof', name: 'consent-proof.html' });
    if (!place) return;
    const proof = await prove.mutateAsync({ place });
    say(`Saved ${counted(proof.events, 'event')} to ${place}.`);
  };
  const ledger = verify.data ?? prove.data?.ledger;
  return (
    <Card
      title="Proof"
      about="Every answer stays in a ledger, with its time, source and wording. Changing or removing one breaks the chain."
    >
      {verify.error && <Trouble error={verify.error} />}
      {prove.error && <Trouble error={prove.error} />}
      {ledger && <Verified ledger={ledger} />}
      <div className={classes.form}>
        <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate({})}>
          Verify ledger
        </Button>
        <Button
          variant="default"
          loading={prove.isPending}
          // What went wrong is shown above.
          onClick={() => void save().catch(() => {})}
        >
          Save proof…
        </Button>
      </div>
    </Card>
  );
}

function Verified({ ledger: { events, faults } }: { ledger: LedgerInfo }) {
  if (faults.length === 0) {
    return <p role="status">The ledger is complete: {counted(events, 'event')} verified.</p>;
  }
  return (
    <div role="status">
      <p>The ledger was changed by something else than Leadferry:</p>
      {faults.map((fault) => (
        <p key={fault}>{sentence(fault)}</p>
      ))}
    </div>
  );
}
