/** The contacts that one cause blocks: who it is, who it may be, and what can be done about one or many of them. */
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { NameButton } from '../../components/NameButton';
import { count, counted } from '../../components/numbers';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import type { Candidate, QueueLine } from '../../ipc/bindings';
import classes from './Cause.module.css';
import { CreateAnyway } from './CreateAnyway';
import { linkable, mergeable, placeOf } from './candidates';
import { MergeDialog } from './MergeDialog';
import { type CureActs, useCures } from './useCures';

type Props = {
  label: string;
  /** What to do; gives way to the buttons while contacts are selected. */
  advice: string;
  replication: string;
  lines: readonly QueueLine[];
  /** The contact whose panel is open. */
  open: string | null;
  onOpen: (line: QueueLine) => void;
};

export function CauseTable({ label, advice, replication, lines, open, onOpen }: Props) {
  const acts = useCures(replication);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [merging, setMerging] = useState<QueueLine | null>(null);
  // What was cured is not in the list any more.
  const chosen = lines.filter((line) => ticked.has(line.contact));
  const isMatched = lines.some((line) => line.candidates.length > 0);
  const tick = (contacts: readonly string[], on: boolean) =>
    setTicked(
      new Set(on ? [...ticked, ...contacts] : [...ticked].filter((contact) => !contacts.includes(contact))),
    );
  const all = lines.map(({ contact }) => contact);
  return (
    <>
      <div className={classes.bulk}>
        {chosen.length > 0 ? (
          <Bulk chosen={chosen} acts={acts} onClear={() => setTicked(new Set())} />
        ) : (
          advice && sentence(advice)
        )}
      </div>
      <Table
        label={`Contacts: ${label}`}
        heads={[
          {
            name: 'Select',
            content: (
              <Checkbox
                size="xs"
                aria-label={`Select all: ${label}`}
                checked={chosen.length > 0 && chosen.length === lines.length}
                indeterminate={chosen.length > 0 && chosen.length < lines.length}
                onChange={(event) => tick(all, event.currentTarget.checked)}
              />
            ),
          },
          { name: 'Person' },
          { name: 'Email' },
          { name: isMatched ? 'Possible match' : 'Reason' },
          { name: 'Actions', hidden: true },
        ]}
      >
        {lines.map((line) => (
          <tr key={line.contact} aria-current={line.contact === open || undefined}>
            <td>
              <Checkbox
                size="xs"
                aria-label={`Select ${line.name}`}
                checked={ticked.has(line.contact)}
                onChange={(event) => tick([line.contact], event.currentTarget.checked)}
              />
            </td>
            <td>
              <NameButton onOpen={() => onOpen(line)}>{line.name}</NameButton>
              {line.company && <div className={classes.quiet}>{line.company}</div>}
            </td>
            <td className={`selectable ${classes.email}`}>{line.email}</td>
            <td>{isMatched ? <Match line={line} /> : line.message && sentence(line.message)}</td>
            <td className={classes.act}>
              <Act line={line} acts={acts} onOpen={onOpen} onMerge={setMerging} />
            </td>
          </tr>
        ))}
      </Table>
      {acts.error && <Trouble error={acts.error} />}
      {merging && (
        <MergeDialog
          contact={merging.contact}
          other={mergeable(merging)[0] ?? ''}
          onClose={() => setMerging(null)}
        />
      )}
    </>
  );
}

function Match({ line: { candidates, contact } }: { line: QueueLine }) {
  const [first, ...others] = candidates;
  if (!first) return null;
  return (
    <>
      <div>{first.name ?? first.record ?? 'No name'}</div>
      <div className={classes.quiet}>{wordsOf(first, contact)}</div>
      {others.length > 0 && <div className={classes.quiet}>and {counted(others.length, 'other')}</div>}
    </>
  );
}

function wordsOf(candidate: Candidate, own: string): string {
  return [placeOf(candidate, own), candidate.email, candidate.company].filter(Boolean).join(' · ');
}

type ActProps = {
  line: QueueLine;
  acts: CureActs;
  onOpen: (line: QueueLine) => void;
  onMerge: (line: QueueLine) => void;
};

/** What is most likely wanted for one contact; where there is a choice, its panel has it. */
function Act({ line, acts, onOpen, onMerge }: ActProps) {
  const { contact, name, cures } = line;
  const records = linkable(line);
  const [record] = records;
  if (records.length > 1) {
    return <RowButton label="Review" name={name} onClick={() => onOpen(line)} />;
  }
  if (record) {
    return (
      <RowButton
        label="Link"
        name={name}
        busy={acts.busy}
        onClick={() => void acts.link([{ contact, record }])}
      />
    );
  }
  if (mergeable(line).length > 0) {
    return <RowButton label="Merge" name={name} onClick={() => onMerge(line)} />;
  }
  if (cures.includes('edit_contact')) {
    return <RowButton label="Edit" name={name} onClick={() => acts.edit(contact)} />;
  }
  return null;
}

type RowButtonProps = { label: string; name: string; busy?: boolean; onClick: () => void };

function RowButton({ label, name, busy, onClick }: RowButtonProps) {
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label={`${label} ${name}`}
      loading={busy}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

type BulkProps = { chosen: readonly QueueLine[]; acts: CureActs; onClear: () => void };

/** The buttons for all that are ticked; each says how many it is for. */
function Bulk({ chosen, acts, onClear }: BulkProps) {
  const having = (cure: 'create_anyway' | 'retry') => chosen.filter(({ cures }) => cures.includes(cure));
  const matches = chosen.flatMap((line) => {
    const [record, ...others] = linkable(line);
    return record && others.length === 0 ? [{ contact: line.contact, record }] : [];
  });
  const creatable = having('create_anyway');
  const retriable = having('retry').map(({ contact }) => contact);
  return (
    <div className={classes.buttons} role="group" aria-label="Selected contacts">
      <span className="num">{count(chosen.length)} selected</span>
      {matches.length > 0 && (
        <Button size="xs" variant="default" loading={acts.busy} onClick={() => void acts.link(matches)}>
          Link {counted(matches.length, 'contact')}
        </Button>
      )}
      {creatable.length > 0 && (
        <CreateAnyway
          lines={creatable}
          acts={acts}
          act={`Create ${counted(creatable.length, 'new record')}`}
        />
      )}
      {retriable.length > 0 && (
        <Button size="xs" variant="default" loading={acts.busy} onClick={() => acts.retry(retriable)}>
          Retry {counted(retriable.length, 'contact')}
        </Button>
      )}
      <Button size="xs" variant="subtle" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
