/** The changes to contacts of the last 30 days, each with its undo. */
import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { asHere } from '../../components/asHere';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Empty } from '../../components/Empty';
import { exactly } from '../../components/moments';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { visible } from '../../components/visible';
import type { ActInfo, ActKind, HostError } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { undoneInWords } from '../../words/undone';
import classes from './Changes.module.css';

const words: Record<ActKind, string> = {
  delete: 'Deleted contacts',
  merge: 'Merged contacts',
  bulk_edit: 'Edited contacts',
  import: 'Imported a file',
};

const wordsOfOne: Partial<Record<ActKind, string>> = {
  delete: 'Deleted contact',
  bulk_edit: 'Edited contact',
};

function wordsOf({ kind, contacts }: ActInfo): string {
  return (contacts === 1 && wordsOfOne[kind]) || words[kind];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** For how long an act can be undone. */
const UNDO_MS = 30 * DAY_MS;

/** So many contacts go back without a question. */
const MOST_UNASKED = 100;

export function ChangesScreen() {
  const acts = useAsk('contacts.acts', {});
  return (
    <Page title="Recent changes" about="Undo imports, edits, merges and deletions for 30 days">
      {acts.isError && <Trouble error={acts.error} retry={() => void acts.refetch()} />}
      {acts.isPending && <Rows />}
      {acts.data?.length === 0 && (
        <Empty title="No changes to undo">
          When you import, edit, merge or delete contacts, you can undo it here for 30 days.
        </Empty>
      )}
      {acts.data && acts.data.length > 0 && (
        <Table
          label="Changes"
          heads={[{ name: 'Change' }, { name: 'Details' }, { name: 'When' }, { name: 'Undo', hidden: true }]}
        >
          {acts.data.map((act) => (
            <Line key={act.id} act={act} />
          ))}
        </Table>
      )}
    </Page>
  );
}

/** Returns what the change was about: the file's name and how many contacts. What was done stands beside it. */
function detailOf({ kind, summary, contacts, who }: ActInfo): string {
  if (who !== null && kind !== 'import') return visible(who);
  const about = visible(asHere(summary.replace(/^(imported|deleted|merged|changed) /, '')));
  return kind === 'import' && contacts > 0 ? `${about}, ${counted(contacts, 'contact')}` : about;
}

function Line({ act }: { act: ActInfo }) {
  const undo = useDo('contacts.undo');
  const [asking, setAsking] = useState(false);
  const takeBack = () =>
    undo.mutate(
      { act: act.id },
      {
        onSuccess: (undone) => {
          setAsking(false);
          say(undoneInWords(undone));
        },
      },
    );
  const isLarge = act.kind === 'import' || act.contacts > MOST_UNASKED;
  return (
    <tr>
      <td>{wordsOf(act)}</td>
      <td>
        {act.contact !== null && act.kind !== 'import' ? (
          <Link to="/contacts" search={{ open: act.contact }} className={classes.name}>
            {detailOf(act)}
          </Link>
        ) : (
          detailOf(act)
        )}
      </td>
      <td>
        <Ago at={act.at} />
      </td>
      <td>
        {act.undone_at === null ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={14} stroke={1.75} />}
            aria-label={`Undo: ${wordsOf(act)}, ${detailOf(act)}`}
            title={`Until ${exactly(act.at + UNDO_MS)}`}
            loading={undo.isPending}
            onClick={() => (isLarge ? setAsking(true) : takeBack())}
          >
            Undo
          </Button>
        ) : (
          <>
            Undone <Ago at={act.undone_at} />
          </>
        )}
        {asking ? (
          <UndoDialog
            act={act}
            busy={undo.isPending}
            error={undo.error}
            onUndo={takeBack}
            onClose={() => setAsking(false)}
          />
        ) : (
          undo.error && <Trouble error={undo.error} />
        )}
      </td>
    </tr>
  );
}

type UndoProps = {
  act: ActInfo;
  busy: boolean;
  error: HostError | null;
  onUndo: () => void;
  onClose: () => void;
};

/** Says what undoing a large change does before it is done: there is no way back. */
function UndoDialog({ act, busy, error, onUndo, onClose }: UndoProps) {
  const contacts = counted(act.contacts, 'contact');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onUndo();
  };
  return (
    <Dialog opened onClose={onClose} title={`Undo: ${wordsOf(act)}, ${detailOf(act)}?`} size={460}>
      <form onSubmit={submit}>
        <p>
          {act.kind === 'import'
            ? `The import added or changed ${contacts}. Those it added are removed, and those it changed get their former values.`
            : `${contacts} go back to what they were.`}{' '}
          Contacts changed since then stay as they are. You can’t redo it.
        </p>
        {error && <Trouble error={error} focus />}
        <DialogButtons onCancel={onClose} busy={busy} destroys>
          Undo
        </DialogButtons>
      </form>
    </Dialog>
  );
}
