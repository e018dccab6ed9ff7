/** Takes what can still be read of a damaged workspace into a new one, and says what came over and what is lost. */
import { Button } from '@mantine/core';
import { Dialog } from '../components/Dialog';
import { DialogButtons } from '../components/DialogButtons';
import buttons from '../components/DialogButtons.module.css';
import { count } from '../components/numbers';
import { NumberCell, Table } from '../components/Table';
import { Trouble } from '../components/Trouble';
import { visible } from '../components/visible';
import type { SalvagedPart, SalvagedWorkspace } from '../ipc/bindings';
import { useDo } from '../ipc/queries';
import classes from './ReviewWorkspace.module.css';
import { useSummoned } from './summons';

type Props = {
  /** None lets the user pick it. */
  damaged?: string;
  hasBackup?: boolean;
  onClose: () => void;
};

/** The dialog that is opened from the menu, for a workspace that can’t be opened at all. */
export function SummonedSalvageDialog() {
  const [opened, close] = useSummoned('salvage');
  return opened ? <SalvageDialog onClose={close} /> : null;
}

export function SalvageDialog(props: Props) {
  const salvage = useDo('workspaces.salvage');
  const done = salvage.data;
  return (
    <Dialog opened onClose={props.onClose} title="Salvage the workspace" size={560}>
      {done ? (
        <SalvagedResult salvaged={done} onClose={props.onClose} />
      ) : (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            salvage.mutate(props.damaged ? { damaged: props.damaged } : {});
          }}
        >
          <p>
            Leadferry copies what it can still read into a new workspace and lists what is lost. The damaged
            file stays as it is.
            {props.hasBackup && ' Restoring the backup is better if little has changed since it was made.'}
          </p>
          {props.damaged && <p className={classes.file}>Damaged workspace: {visible(props.damaged)}</p>}
          {salvage.error && <Trouble error={salvage.error} focus />}
          <DialogButtons onCancel={props.onClose} busy={salvage.isPending}>
            {props.damaged ? 'Choose where to save…' : 'Choose workspace…'}
          </DialogButtons>
        </form>
      )}
    </Dialog>
  );
}

function SalvagedResult({ salvaged, onClose }: { salvaged: SalvagedWorkspace; onClose: () => void }) {
  const open = useDo('workspaces.open');
  return (
    <div className={classes.form}>
      <p className={classes.file}>New workspace: {visible(salvaged.path)}</p>
      {salvaged.found_by && (
        <p>
          The damaged file has lost its first page. Leadferry used the one in this backup to find the records:{' '}
          {visible(salvaged.found_by)}
        </p>
      )}
      <Table label="Salvaged records" heads={HEADS} dense>
        {salvaged.parts.map((part) => (
          <tr key={part.what}>
            <td>{part.what}</td>
            <NumberCell>{count(part.kept)}</NumberCell>
            <NumberCell>{lost(part)}</NumberCell>
          </tr>
        ))}
      </Table>
      {salvaged.ledger && <p>The consent ledger isn’t whole. {salvaged.ledger}</p>}
      <p>
        Its replications are disabled, and it asks for your approval. Check the contacts and email lists
        before you enable anything.
      </p>
      {open.error && <Trouble error={open.error} focus />}
      <div className={buttons.buttons}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          loading={open.isPending}
          onClick={() => open.mutate({ path: salvaged.path }, { onSuccess: onClose })}
        >
          Open new workspace
        </Button>
      </div>
    </div>
  );
}

const HEADS = [{ name: 'Records' }, { name: 'Kept', number: true }, { name: 'Lost', number: true }] as const;

function lost(part: SalvagedPart): string {
  if (!part.may_lack_more) return count(part.lost);
  return part.lost > 0 ? `${count(part.lost)} or more` : 'Unknown';
}
