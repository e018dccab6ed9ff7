/** An import that was done: what came of it, its faulty rows to be mended, and taking it back. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ImportOutcome, PastImport } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Numbers, Warnings } from './Figures';
import classes from './ImportScreen.module.css';
import { Mending } from './Mending';

type Props = { id: number /** What it has just come to. */; outcome?: ImportOutcome };

export function OneImport({ id, outcome }: Props) {
  const navigate = useNavigate();
  const list = useAsk('imports.list', {});
  const resume = useDo('imports.resume');
  const undo = useDo('contacts.undo');
  const one = list.data?.find((past) => past.id === id);
  if (list.isError) return <Trouble error={list.error} retry={() => void list.refetch()} />;
  if (!one) return <Rows />;
  const back = () =>
    one.act !== null &&
    undo.mutate(
      { act: one.act },
      {
        onSuccess: ({ restored, left_alone: left }) =>
          say(
            `${counted(restored, 'contact')} as before${left.length > 0 ? `; ${counted(left.length, 'contact')} changed since and left alone` : ''}.`,
          ),
      },
    );
  return (
    <>
      <Card
        title={title(one)}
        about={
          <>
            {counted(one.rows, 'row')}, <Ago at={one.ended_at ?? one.started_at} />
          </>
        }
        aside={
          <div className={classes.buttons}>
            {one.act !== null && (
              <Button variant="default" loading={undo.isPending} onClick={back}>
                Undo the import
              </Button>
            )}
            {one.state === 'running' ? (
              <Button loading={resume.isPending} onClick={() => resume.mutate({ import: id })}>
                Go on
              </Button>
            ) : (
              <Button onClick={() => void navigate({ to: '/contacts' })}>Open the contacts</Button>
            )}
          </div>
        }
      >
        <Numbers figures={one} />
        {outcome && <Warnings warnings={outcome.warnings} all={outcome.warning_count} />}
        {(resume.error ?? undo.error) && (
          <Trouble error={(resume.error ?? undo.error) as NonNullable<typeof undo.error>} focus />
        )}
      </Card>
      {one.mendable && one.state !== 'undone' && <Mending id={id} fileName={one.file_name} />}
    </>
  );
}

export function title({ file_name: name, state, mended }: PastImport): string {
  const what = mended ? `Mended rows of ${name}` : name;
  if (state === 'running') return `${what}: stopped before its end`;
  return state === 'undone' ? `${what}: taken back` : `${what}: imported`;
}
