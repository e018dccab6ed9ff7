/** Everything that a contact answered, and proof of it as a file. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ConsentEventInfo, ContactCard } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './ContactsScreen.module.css';

export function ConsentHistory({ card }: { card: ContactCard }) {
  const [open, setOpen] = useState(false);
  const history = useAsk('consents.history', { contact: card.guid });
  const pick = useDo('shell.pick_place');
  const prove = useDo('consents.prove');
  const events = history.data ?? [];
  if (events.length === 0) return null;
  const save = async () => {
    const place = await pick.mutateAsync({ what: 'proof', name: 'consent-proof.html' });
    if (!place) return;
    const proof = await prove.mutateAsync({ contact: card.guid, place });
    say(`Saved ${counted(proof.events, 'event')} to ${place}.`);
  };
  return (
    <>
      {prove.error && <Trouble error={prove.error} />}
      <div className={classes.consentActs}>
        <Button size="compact-xs" variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide history' : `Show history (${events.length})`}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          loading={prove.isPending}
          // What went wrong is shown above.
          onClick={() => void save().catch(() => {})}
        >
          Save proof…
        </Button>
      </div>
      {open && (
        <ol className={classes.consentHistory} aria-label="Consent history">
          {[...events].reverse().map((event) => (
            <Answer key={event.number} event={event} />
          ))}
        </ol>
      )}
    </>
  );
}

function Answer({ event }: { event: ConsentEventInfo }) {
  const { wording } = event;
  return (
    <li>
      <div>
        {event.about}: {event.answered}
      </div>
      <div className={classes.quiet}>
        <Ago at={event.at} /> · {event.how_words}
        {event.source && ` · ${event.source}`}
        {wording && <span title={wording.text}> · Wording, version {wording.version}</span>}
      </div>
    </li>
  );
}
