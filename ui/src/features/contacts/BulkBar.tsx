/** What can be done with the contacts that are ticked; it stands in place of the footer. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import { useDo } from '../../ipc/queries';
import { EditDialog, MergeDialog } from './BulkDialogs';
import classes from './ContactsScreen.module.css';
import type { Selection } from './useSelection';

const MOST_MERGED = 5;

export function BulkBar({ selection, deleted }: { selection: Selection; deleted: boolean }) {
  const contacts = [...selection.ticked];
  const remove = useDo('contacts.delete');
  const edit = useDo('contacts.edit');
  const undo = useDo('contacts.undo');
  const [asking, setAsking] = useState<'edit' | 'merge' | null>(null);
  const many = counted(contacts.length, 'contact');
  const done = (what: string) => (act: number) => {
    offerUndo(what, () => undo.mutate({ act }));
    selection.clear();
    setAsking(null);
  };
  const error = remove.error ?? edit.error ?? undo.error;
  return (
    <div className={classes.bulk} role="group" aria-label="Contacts that are ticked">
      <strong className="num">{counted(contacts.length, 'contact')} ticked</strong>
      {deleted ? (
        <span className={classes.quiet}>Deleted contacts come back through Undo, within 30 days.</span>
      ) : (
        <>
          <Button size="xs" variant="default" onClick={() => setAsking('edit')}>
            Change a field…
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={edit.isPending}
            onClick={() =>
              edit.mutate(
                { contacts, fields: { do_not_send: 'yes' } },
                { onSuccess: done(`${many} will not be sent.`) },
              )
            }
          >
            Do not send
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={contacts.length < 2 || contacts.length > MOST_MERGED}
            title={`Two to ${MOST_MERGED} contacts`}
            onClick={() => setAsking('merge')}
          >
            Merge…
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate({ contacts }, { onSuccess: done(`${many} deleted.`) })}
          >
            Delete
          </Button>
        </>
      )}
      <Button size="xs" variant="subtle" onClick={selection.clear}>
        Untick all
      </Button>
      {error && <Trouble error={error} />}
      {asking === 'edit' && (
        <EditDialog contacts={contacts} onDone={done(`${many} changed.`)} onClose={() => setAsking(null)} />
      )}
      {asking === 'merge' && (
        <MergeDialog
          contacts={contacts}
          onDone={(acts) => {
            // Each is taken back by itself, the last one first.
            const back = async () => {
              for (const act of [...acts].reverse()) await undo.mutateAsync({ act });
            };
            offerUndo(`${many} merged.`, () => void back().catch(() => {}));
            selection.clear();
            setAsking(null);
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
