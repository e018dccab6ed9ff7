/** Shown until the user has approved a workspace on this computer: what it could do on its own, and the button that lets it. */

import { IconShieldQuestion } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Dialog } from '../components/Dialog';
import { DialogButtons } from '../components/DialogButtons';
import { count, counted } from '../components/numbers';
import { Rows } from '../components/Rows';
import { NumberCell, Table } from '../components/Table';
import { Trouble } from '../components/Trouble';
import { say } from '../components/undo';
import { visible } from '../components/visible';
import {
  figureNames,
  type ReviewedConnection,
  type ReviewedReplication,
  type WorkspaceReview,
} from '../ipc/bindings';
import { onUnapproved } from '../ipc/call';
import { useAsk, useDo } from '../ipc/queries';
import classes from './ReviewWorkspace.module.css';
import { WorkspaceBar } from './WorkspaceBar';

export function ReviewWorkspace() {
  const workspace = useAsk('workspaces.current', {}).data;
  const waiting = workspace?.approved === false && !workspace.stands_in_for ? workspace.path : null;
  const [shown, setShown] = useState<string | null>(null);
  const answer = useRef<(approved: boolean) => void>(() => {});
  // Opening such a workspace asks at once; whatever needs approval later asks again.
  useEffect(() => setShown(waiting), [waiting]);
  useEffect(() => {
    onUnapproved(() => {
      setShown(waiting);
      return new Promise<boolean>((resolve) => {
        answer.current = resolve;
      });
    });
    return () => onUnapproved(async () => false);
  }, [waiting]);
  const close = useCallback((approved: boolean) => {
    setShown(null);
    answer.current(approved);
  }, []);
  if (!waiting) return null;
  return (
    <>
      <WorkspaceBar
        icon={<IconShieldQuestion size={16} stroke={1.75} aria-hidden />}
        button="Review workspace"
        onClick={() => setShown(waiting)}
      >
        This workspace is new on this computer. It can’t use your sign-ins or send anything until you approve
        it.
      </WorkspaceBar>
      {shown && <ReviewDialog onClose={close} />}
    </>
  );
}

function ReviewDialog({ onClose }: { onClose: (approved: boolean) => void }) {
  const review = useAsk('workspaces.review', {});
  const approve = useDo('workspaces.approve');
  const found = review.data;
  return (
    <Dialog opened onClose={() => onClose(false)} title="Review this workspace" size={680}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!found) return;
          approve.mutate(
            { digest: found.digest },
            {
              onSuccess: () => {
                say('Workspace approved.');
                onClose(true);
              },
              onError: () => void review.refetch(),
            },
          );
        }}
      >
        {review.isPending && <Rows />}
        {review.isError && <Trouble error={review.error} retry={() => void review.refetch()} />}
        {found && <Review review={found} />}
        {approve.error && <Trouble error={approve.error} focus />}
        <DialogButtons onCancel={() => onClose(false)} disabled={!found} busy={approve.isPending}>
          Approve workspace
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function Review({ review }: { review: WorkspaceReview }) {
  return (
    <>
      <p className="selectable">
        {review.origin.kind === 'copied' ? (
          <>
            This workspace has the id of the one you approved at {visible(review.origin.from)}: it’s that
            workspace moved, or a copy of it. Whoever had a copy may have changed it.
          </>
        ) : (
          'This workspace was made on another computer, or by someone else. Approve it only if you know where it comes from.'
        )}{' '}
        Once approved, it can sign in to the hosts below with your sign-ins, run its schedules, and send the
        contacts that are selected or waiting.
      </p>
      <p className={classes.file}>{visible(review.path)}</p>
      <p>
        {counted(review.contacts, 'contact')},{' '}
        {counted(review.open_batches, 'unanswered batch', 'unanswered batches')}
      </p>
      {review.unfinished_erases > 0 && (
        <p>
          Erasing {counted(review.unfinished_erases, 'contact')} was interrupted. Approving finishes it, in
          this workspace’s backups too.
        </p>
      )}
      <Connections all={review.connections} />
      <Replications all={review.replications} />
    </>
  );
}

function Connections({ all }: { all: readonly ReviewedConnection[] }) {
  if (all.length === 0) return <p>No connections.</p>;
  return (
    <Table
      label="Connections"
      heads={[{ name: 'Connection' }, { name: 'Signs in at' }, { name: 'Org' }, { name: 'User' }]}
    >
      {all.map((one) => (
        <tr key={one.name}>
          <td>{visible(one.name)}</td>
          <td className="selectable">{visible(one.host ?? 'This computer (practice org)')}</td>
          <td>{visible(one.org_name ?? one.org_id ?? '—')}</td>
          <td>{visible(one.username ?? '—')}</td>
        </tr>
      ))}
    </Table>
  );
}

function Replications({ all }: { all: readonly ReviewedReplication[] }) {
  if (all.length === 0) return <p>No replications.</p>;
  return (
    <Table
      label="Replications"
      heads={[
        { name: 'Replication' },
        { name: 'Writes' },
        { name: 'Connection' },
        { name: 'Runs' },
        { name: 'Selected', number: true },
        { name: figureNames.waiting, number: true },
      ]}
    >
      {all.map((one) => (
        <tr key={one.name}>
          <td>{visible(one.name)}</td>
          <td>{one.object}</td>
          <td>{visible(one.connection ?? '—')}</td>
          <td>{capitalized(one.schedule ?? 'manually')}</td>
          <NumberCell>{count(one.selected)}</NumberCell>
          <NumberCell>{count(one.waiting)}</NumberCell>
        </tr>
      ))}
    </Table>
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
