/** What a pull reads: its objects with their fields and records, each of which can be changed. */
import { ActionIcon, Button, Select } from '@mantine/core';
import { IconPencil, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { count, counted } from '../../components/numbers';
import { RemoveDialog } from '../../components/RemoveDialog';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { PullDetails, PulledObject, WantedObject } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { ObjectDialog } from './ObjectDialog';
import classes from './Pulls.module.css';

export function ObjectsCard({ pull }: { pull: PullDetails }) {
  const [changing, setChanging] = useState<PulledObject | null>(null);
  const [removing, setRemoving] = useState<PulledObject | null>(null);
  const [adding, setAdding] = useState(false);
  const set = useDo('pulls.set');
  const change = (object: WantedObject) =>
    set.mutate(
      { name: pull.name, objects: [object] },
      {
        onSuccess: () => {
          setChanging(null);
          say('Saved. The next run reads every record of this object again.');
        },
      },
    );
  const remove = (object: string) =>
    set.mutate({ name: pull.name, without: [object] }, { onSuccess: () => setRemoving(null) });
  return (
    <Card
      title="Objects"
      about="Select an object to see its records in this workspace."
      aside={
        <Button size="xs" variant="default" onClick={() => setAdding(true)}>
          Add object
        </Button>
      }
    >
      <Table
        label="Objects"
        heads={[
          { name: 'Object' },
          { name: 'Fields' },
          { name: 'Filter' },
          { name: 'Records', number: true },
          { name: 'State' },
          { name: 'Change', hidden: true },
        ]}
      >
        {pull.objects.map((one) => (
          <tr key={one.object}>
            <td data-listed>
              <Link
                to="/pulls/$name/$object"
                params={{ name: pull.name, object: one.object }}
                className={classes.name}
                title={one.object}
              >
                {one.label}
              </Link>
            </td>
            <td>{one.columns === null ? 'Usual fields' : counted(one.columns, 'field')}</td>
            <td>{one.filter ? counted(one.filter.criteria.length, 'condition') : 'All records'}</td>
            <NumberCell>{count(one.records)}</NumberCell>
            <td>
              <State object={one} />
            </td>
            <td>
              <ActionIcon
                aria-label={`Change fields and records of ${one.object}`}
                onClick={() => setChanging(one)}
              >
                <IconPencil size={14} stroke={1.75} />
              </ActionIcon>
              {pull.objects.length > 1 && (
                <ActionIcon aria-label={`Stop reading ${one.object}`} onClick={() => setRemoving(one)}>
                  <IconX size={14} stroke={1.75} />
                </ActionIcon>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {changing && (
        <ObjectDialog
          connection={pull.connection}
          object={wanted(changing)}
          busy={set.isPending}
          error={set.error}
          onSave={change}
          onClose={() => {
            set.reset();
            setChanging(null);
          }}
        />
      )}
      {removing && (
        <RemoveDialog
          name={removing.object}
          act="Stop reading"
          busy={set.isPending}
          error={set.error}
          onRemove={() => remove(removing.object)}
          onClose={() => setRemoving(null)}
        >
          The pull no longer reads this object. The records it has read stay in this workspace.
        </RemoveDialog>
      )}
      {adding && <AddObject pull={pull} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function State({ object: { under_way, columns } }: { object: PulledObject }) {
  if (under_way) return <Chip tone="look">Interrupted, the next run continues</Chip>;
  return (
    <Chip tone={columns === null ? 'idle' : 'done'} bare>
      {columns === null ? 'Not read yet' : 'Complete'}
    </Chip>
  );
}

function wanted({ object, fields, filter }: PulledObject): WantedObject {
  return { object, ...(fields ? { fields } : {}), ...(filter ? { filter } : {}) };
}

function AddObject({ pull, onClose }: { pull: PullDetails; onClose: () => void }) {
  const { connection, name } = pull;
  const objects = useAsk('mirror.org_objects', { connection });
  const [chosen, setChosen] = useState<string | null>(null);
  const set = useDo('pulls.set');
  const free = (objects.data?.objects ?? []).filter((one) => one.pull === null);
  return (
    <Dialog opened onClose={onClose} title="Add object" size={460}>
      <form
        className={classes.stack}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) set.mutate({ name, objects: [{ object: chosen }] }, { onSuccess: onClose });
        }}
      >
        {objects.isError && <Trouble error={objects.error} retry={() => void objects.refetch()} />}
        {objects.isPending && <Rows />}
        {objects.data && (
          <Select
            label="Object"
            searchable
            data-autofocus
            data={free.map(({ object, label }) => ({ value: object, label: `${label} (${object})` }))}
            value={chosen}
            onChange={setChosen}
          />
        )}
        {set.error && <Trouble error={set.error} focus />}
        <DialogButtons onCancel={onClose} busy={set.isPending} disabled={!chosen && 'Choose an object'}>
          Add object
        </DialogButtons>
      </form>
    </Dialog>
  );
}
