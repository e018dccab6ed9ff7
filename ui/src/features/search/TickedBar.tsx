/** What can be done with the selected records. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { disabledFor } from '../../components/disabled';
import { count, counted } from '../../components/numbers';
import { sentence, Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import type { FoundRecord, OrgObject, RecordsImported } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { LinkDialog } from './LinkDialog';
import classes from './Search.module.css';

type Props = {
  connection: string;
  object: OrgObject;
  records: readonly FoundRecord[];
  /** Something is linked now that was not: ask again. */
  onChanged: () => void;
  /** An import was undone, perhaps while others were being selected. */
  onUndone: () => void;
};

export function TickedBar({ connection, object, records, onChanged, onUndone }: Props) {
  const [linking, setLinking] = useState(false);
  const [left, setLeft] = useState<RecordsImported['left_out']>([]);
  const bring = useDo('search.import');
  const remove = useDo('contacts.delete');
  const [only] = records;
  const one = records.length === 1 ? only : undefined;
  const bringIn = () =>
    bring.mutate(
      { connection, object, records: records.map((record) => record.id) },
      {
        onSuccess: (done) => {
          setLeft(done.left_out);
          if (done.created.length > 0) {
            offerUndo(broughtIn(done), () =>
              remove.mutate({ contacts: done.created }, { onSuccess: onUndone }),
            );
          } else {
            say(broughtIn(done));
          }
          onChanged();
        },
      },
    );
  return (
    <div className={classes.ticked} role="group" aria-label="Selected records">
      <div className={classes.line}>
        <strong className="num">{count(records.length)} selected</strong>
        <Button
          size="xs"
          {...disabledFor(records.length === 0 && 'Select at least one record')}
          loading={bring.isPending}
          onClick={bringIn}
        >
          Import as contacts
        </Button>
        <Button
          size="xs"
          variant="default"
          {...disabledFor(whyNotLinked(records.length, one))}
          onClick={() => setLinking(true)}
        >
          Link to a contact…
        </Button>
        {one?.linked && <span className={classes.quiet}>Already linked.</span>}
        {!one && records.length > 1 && (
          <span className={classes.quiet}>You can link one record at a time.</span>
        )}
      </div>
      {bring.error && <Trouble error={bring.error} retry={bringIn} />}
      {left.length > 0 && (
        <div role="alert">
          <strong>{counted(left.length, 'record was', 'records were')} skipped</strong>
          <ul>
            {left.map((record) => (
              <li key={record.id}>
                {record.name || record.id}: {sentence(record.reason)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {linking && one && (
        <LinkDialog
          connection={connection}
          record={one}
          onClose={() => setLinking(false)}
          onLinked={() => {
            setLinking(false);
            onChanged();
          }}
        />
      )}
    </div>
  );
}

/** Returns what an import did, in words. */
function broughtIn({ created, found, linked_before }: RecordsImported): string {
  const parts = [
    created.length > 0 && `${counted(created.length, 'contact')} added`,
    found.length > 0 && `${counted(found.length, 'existing contact')} linked`,
    linked_before > 0 && `${count(linked_before)} already linked`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'Nothing imported.';
}

/** Says why no record can be linked; it is said beside the button, too, where that isn't plain from the list. */
function whyNotLinked(selected: number, one: FoundRecord | undefined): string | null {
  if (selected === 0) return 'Select a record';
  if (!one) return 'You can link one record at a time';
  return one.linked ? 'Already linked' : null;
}
