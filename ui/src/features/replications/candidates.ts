/** Who a contact may be instead, and what can be done with each: link a record, or merge with a contact. */
import type { Candidate, Cure, QueueLine } from '../../ipc/bindings';

type Blocked = Pick<QueueLine, 'contact' | 'candidates' | 'cures'>;

/** Returns the records that the contact can be linked to. */
export function linkable({ candidates, cures }: Blocked): string[] {
  return cures.includes('link') ? candidates.flatMap((one) => (isFree(one) ? [one.record] : [])) : [];
}

/** Returns the contacts that it can be merged with. */
export function mergeable(line: Blocked): string[] {
  return line.candidates.flatMap((one) => (canMerge(line, one) ? [one.contact] : []));
}

export function canLink(cures: readonly Cure[], candidate: Candidate): candidate is Linkable {
  return cures.includes('link') && isFree(candidate);
}

export function canMerge({ contact, cures }: Blocked, candidate: Candidate): candidate is Mergeable {
  return cures.includes('merge') && candidate.contact !== null && candidate.contact !== contact;
}

type Linkable = Candidate & { record: string };
type Mergeable = Candidate & { contact: string };

function isFree(candidate: Candidate): candidate is Linkable {
  return candidate.record !== null && candidate.contact === null;
}

/** Returns where a candidate is, and whose it is already. */
export function placeOf({ object, record, contact }: Candidate, own: string): string {
  if (!record) return 'Contact in this workspace';
  const place = `${object ?? 'Record'} in Salesforce`;
  if (contact === null) return place;
  return contact === own ? `${place}, linked to this contact` : `${place}, linked to another contact`;
}
