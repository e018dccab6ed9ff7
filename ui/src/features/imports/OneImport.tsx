/** A finished import: what it did, its invalid rows to fix, and undo. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ImportOutcome, PastImport } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { undoneInWords } from '../../words/undone';
import { Numbers, Warnings } from './Figures';
import classes from './ImportScreen.module.css';
import { InvalidRows } from './InvalidRows';

type Props = { id: number /** What it has just come to. */; outcome?: ImportOutcome };

export function OneImport({ id, outcome }: Props) {
  const list = useAsk('imports.list', {});
  const resume = useDo('imports.resume');
  const undo = useDo('contacts.undo');
  const one = list.data?.find((past) => past.id === id);
  if (list.isError) return <Trouble error={list.error} retry={() => void list.refetch()} />;
  if (!one) return <Rows />;
  const { act } = one;
  return (
    <>
      <Card
        title={title(one)}
        about={
          <>
            {counted(one.rows, 'row')}, <Ago at={one.ended_at ?? one.started_at} /> <StateChip one={one} />
          </>
        }
        aside={
          <div className={classes.buttons}>
            {act !== null && (
              <Button
                variant="default"
                loading={undo.isPending}
                onClick={() =>
                  undo.mutate({ act }, { onSuccess: (done) => say(`Import undone. ${undoneInWords(done)}`) })
                }
              >
                Undo import
              </Button>
            )}
            {one.state === 'running' && (
              <Button loading={resume.isPending} onClick={() => resume.mutate({ import: id })}>
                Continue import
              </Button>
            )}
            {one.state === 'finished' && <OpenContacts one={one} />}
          </div>
        }
      >
        <Numbers figures={one} />
        {outcome && <Told outcome={outcome} />}
        {(resume.error ?? undo.error) && (
          <Trouble error={(resume.error ?? undo.error) as NonNullable<typeof undo.error>} focus />
        )}
      </Card>
      {one.mendable && <InvalidRows id={id} fileName={one.file_name} />}
    </>
  );
}

function OpenContacts({ one }: { one: PastImport }) {
  const navigate = useNavigate();
  if (one.kind !== 'contacts' || one.created + one.updated === 0) return null;
  return (
    <Button onClick={() => void navigate({ to: '/contacts', search: { import: one.id } })}>
      Open contacts
    </Button>
  );
}

export function StateChip({ one: { state } }: { one: PastImport }) {
  if (state === 'running') return <Chip tone="look">Interrupted</Chip>;
  return state === 'undone' ? <Chip tone="idle">Undone</Chip> : null;
}

export function title({ file_name: name, mends }: PastImport): string {
  return mends === null ? name : `Fixed rows of ${mends}`;
}

/** What to know of an import that has just ended. */
function Told({ outcome }: { outcome: ImportOutcome }) {
  const { linked, columns_ignored: skipped, warnings, warning_count: all } = outcome;
  return (
    <>
      {linked > 0 && <p>{counted(linked, 'contact was', 'contacts were')} linked to Salesforce records.</p>}
      {skipped.length > 0 && <p className={classes.samples}>Skipped columns: {skipped.join(', ')}.</p>}
      <Warnings warnings={warnings} all={all} />
    </>
  );
}
