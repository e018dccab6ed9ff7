/** Creates new records for contacts that may be in Salesforce already; the records they may be are shown first. */
import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import type { Candidate, QueueLine } from '../../ipc/bindings';
import { Who } from './Candidates';
import classes from './Cures.module.css';
import type { CureActs } from './useCures';

type Props = {
  lines: readonly Pick<QueueLine, 'contact' | 'candidates'>[];
  acts: CureActs;
  /** What the button does, such as `Create new record`. */
  act: string;
};

export function CreateAnyway({ lines, acts, act }: Props) {
  const [asking, setAsking] = useState(false);
  const create = () => acts.create(lines.map(({ contact }) => contact));
  const matched = lines.filter(({ candidates }) => candidates.some(isRecord));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsking(false);
    create();
  };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={acts.busy}
        onClick={() => (matched.length > 0 ? setAsking(true) : create())}
      >
        {act}
      </Button>
      {asking && (
        <Dialog opened onClose={() => setAsking(false)} title={`${act}?`} size={460}>
          <form onSubmit={submit}>
            <Matches matched={matched} all={lines.length} />
            <p>
              If they’re the same person, Salesforce then has two records of them. Link the contact instead.
            </p>
            <DialogButtons onCancel={() => setAsking(false)}>{act}</DialogButtons>
          </form>
        </Dialog>
      )}
    </>
  );
}

function Matches({ matched, all }: { matched: Props['lines']; all: number }) {
  const [only] = matched;
  if (!only || all > 1) {
    const words = counted(matched.length, 'of these contacts', 'of these contacts');
    return <p>{words} may already be in Salesforce.</p>;
  }
  return (
    <>
      <p>This contact may already be in Salesforce:</p>
      <ul className={classes.candidates} aria-label="Possible matches">
        {only.candidates.filter(isRecord).map((candidate) => (
          <li key={candidate.record}>
            <Who candidate={candidate} own={only.contact} />
          </li>
        ))}
      </ul>
    </>
  );
}

function isRecord({ record }: Candidate): boolean {
  return record !== null;
}
