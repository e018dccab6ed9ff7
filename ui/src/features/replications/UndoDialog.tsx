/** Undoing a run: what it would do first, then the button that does it. */
import { Button, TextInput } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { visible } from '../../components/visible';
import type { ReplicationInfo, RunCard, UndoPlan } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Run.module.css';
import { UndoneRecords, undoWords } from './UndoneRecords';

type Props = {
  run: RunCard;
  replication: ReplicationInfo;
  onUndone: (run: number) => void;
};

/** The button, and the dialog that it opens. */
export function UndoButton({ run, replication, onUndone }: Props) {
  const [opened, setOpened] = useState(false);
  const plan = useDo('runs.plan_undo');
  const open = () => {
    setOpened(true);
    plan.mutate({ run: run.id });
  };
  const written = run.figures.created + run.figures.updated;
  if (run.undoes !== null || run.state === 'running' || written === 0) return null;
  return (
    <>
      <Button
        className={classes.right}
        variant="default"
        leftSection={<IconArrowBackUp size={16} stroke={1.75} />}
        onClick={open}
      >
        Undo run…
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={`Undo run ${run.id}`} size={820}>
        {plan.error && <Trouble error={plan.error} retry={() => plan.mutate({ run: run.id })} />}
        {plan.isPending && <Rows />}
        {plan.data && (
          <Confirm
            plan={plan.data}
            replication={replication}
            onClose={() => setOpened(false)}
            onUndone={(undone) => {
              setOpened(false);
              onUndone(undone);
            }}
          />
        )}
      </Dialog>
    </>
  );
}

type ConfirmProps = {
  plan: UndoPlan;
  replication: ReplicationInfo;
  onClose: () => void;
  onUndone: (run: number) => void;
};

function Confirm({ plan, replication: { connection, standing }, onClose, onUndone }: ConfirmProps) {
  const undo = useDo('runs.undo');
  const [typed, setTyped] = useState('');
  const byName = standing.org_kind === 'production';
  const fits = !byName || typed.trim().toLowerCase() === (connection ?? '').toLowerCase();
  const nothing = plan.delete + plan.restore + plan.unanswered === 0;
  const short = plan.budget !== null && plan.calls > plan.budget.room;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (fits && !nothing) undo.mutate({ run: plan.run }, { onSuccess: (done) => onUndone(done.run) });
      }}
    >
      <p>
        {undoWords(plan)} Uses {counted(plan.calls, 'API call')}. The contacts stay on hold until you release
        them.
      </p>
      {plan.unanswered > 0 && (
        <p>
          {counted(plan.unanswered, 'contact')} {plan.unanswered === 1 ? 'has' : 'have'} no answer yet.
          Leadferry asks Salesforce about them first.
        </p>
      )}
      {short && <p role="alert">Too few API calls are available.</p>}
      <UndoneRecords plan={plan} />
      {undo.error && <Trouble error={undo.error} />}
      {byName && !nothing && (
        <TextInput
          mt="md"
          label={`Type ${visible(connection ?? '')} to continue`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <DialogButtons
        onCancel={onClose}
        busy={undo.isPending}
        disabled={
          (nothing && 'Nothing can be undone') ||
          (short && 'Too few API calls are available') ||
          (!fits && `Type ${connection} to continue`)
        }
        destroys
      >
        Undo run
      </DialogButtons>
    </form>
  );
}
