/** What can be done with the contacts that are selected; it stands in place of the footer. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { disabledFor } from '../../components/disabled';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type { ContactsChanged } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { DeleteDialog, EditDialog, MergeDialog } from './BulkDialogs';
import classes from './ContactsScreen.module.css';
import type { Selection } from './useSelection';

const MOST_MERGED = 5;
/** More are deleted only after a question. */
const MOST_UNASKED = 100;

type Props = { selection: Selection; deleted: boolean; onExport: () => void };

export function BulkBar({ selection, deleted, onExport }: Props) {
  const { chosen, count } = selection;
  const remove = useDo('contacts.delete');
  const edit = useDo('contacts.edit');
  const undo = useDo('contacts.undo');
  const [asking, setAsking] = useState<'edit' | 'merge' | 'delete' | null>(null);
  const end = () => {
    selection.clear();
    setAsking(null);
  };
  const done =
    (what: string) =>
    ({ act, contacts }: ContactsChanged) => {
      offerUndo(`${counted(contacts, 'contact')} ${what}`, () => undo.mutate({ act }));
      end();
    };
  const takeOut = () => remove.mutate(chosen, { onSuccess: done('deleted.') });
  const error = (asking === 'delete' ? null : remove.error) ?? edit.error ?? undo.error;
  return (
    <div className={classes.bulk} role="group" aria-label="Selected contacts">
      <strong className="num">{counted(count, 'contact')} selected</strong>
      {deleted ? (
        <span className={classes.quiet}>
          Restore deleted contacts in <Link to="/changes">Recent changes</Link>, within 30 days.
        </span>
      ) : (
        <>
          <Button size="xs" variant="default" onClick={() => setAsking('edit')}>
            Edit field…
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={edit.isPending}
            onClick={() =>
              edit.mutate(
                { ...chosen, fields: { do_not_send: 'yes' } },
                { onSuccess: done('marked “Do not send”.') },
              )
            }
          >
            Mark “Do not send”
          </Button>
          <Button
            size="xs"
            variant="default"
            {...disabledFor(
              (count < 2 || count > MOST_MERGED) && `Select two to ${MOST_MERGED} contacts to merge them`,
            )}
            onClick={() => setAsking('merge')}
          >
            Merge…
          </Button>
          <Button size="xs" variant="default" onClick={onExport}>
            Export…
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={remove.isPending && asking === null}
            onClick={() => (count > MOST_UNASKED ? setAsking('delete') : takeOut())}
          >
            {count > MOST_UNASKED ? 'Delete…' : 'Delete'}
          </Button>
        </>
      )}
      <Button size="xs" variant="subtle" onClick={selection.clear}>
        Clear
      </Button>
      {error && <Trouble error={error} />}
      {asking === 'edit' && (
        <EditDialog chosen={chosen} count={count} onDone={done('changed.')} onClose={() => setAsking(null)} />
      )}
      {asking === 'delete' && (
        <DeleteDialog
          count={count}
          busy={remove.isPending}
          error={remove.error}
          onDelete={takeOut}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'merge' && (
        <MergeDialog
          chosen={chosen}
          count={count}
          onDone={(acts) => {
            // Each is taken back by itself, the last one first.
            const back = async () => {
              for (const act of [...acts].reverse()) await undo.mutateAsync({ act });
            };
            offerUndo(`${counted(count, 'contact')} merged.`, () => void back().catch(() => {}));
            end();
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}
