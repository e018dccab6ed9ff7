/** Who a contact may be instead: name, email and company, each with the button that decides it. */
import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import type { Candidate } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import type { HeldUp } from './Cures';
import classes from './Cures.module.css';
import { canLink, canMerge, placeOf } from './candidates';
import { MergeDialog } from './MergeDialog';
import type { CureActs } from './useCures';

type Props = { line: HeldUp; acts: CureActs };

export function Candidates({ line, acts }: Props) {
  const [merging, setMerging] = useState<string | null>(null);
  return (
    <>
      <ul className={classes.candidates} aria-label="Possible matches">
        {line.candidates.map((candidate) => (
          <li key={candidate.record ?? candidate.contact}>
            <Who candidate={candidate} own={line.contact} />
            {canLink(line.cures, candidate) && (
              <Button
                size="xs"
                variant="default"
                loading={acts.busy}
                onClick={() => void acts.link([{ contact: line.contact, record: candidate.record }])}
              >
                Link
              </Button>
            )}
            {canMerge(line, candidate) && (
              <Button size="xs" variant="default" onClick={() => setMerging(candidate.contact)}>
                Merge
              </Button>
            )}
          </li>
        ))}
      </ul>
      {merging && <MergeDialog contact={line.contact} other={merging} onClose={() => setMerging(null)} />}
    </>
  );
}

export function Who({ candidate, own }: { candidate: Candidate; own: string }) {
  const more = [candidate.email, candidate.company].filter(Boolean).join(', ');
  return (
    <span className={classes.who}>
      <span>{candidate.name ?? 'No name'}</span>
      {more && <span className={`${classes.quiet} selectable`}>{more}</span>}
      <span className={classes.quiet}>
        {placeOf(candidate, own)}
        {candidate.record && <span className="mono selectable"> {candidate.record}</span>}
        {candidate.address && <OpenRecord address={candidate.address} />}
      </span>
    </span>
  );
}

function OpenRecord({ address }: { address: string }) {
  const open = useDo('shell.open');
  return (
    <>
      {' '}
      <Anchor component="button" type="button" size="xs" onClick={() => open.mutate({ address })}>
        Open in Salesforce
      </Anchor>
    </>
  );
}
