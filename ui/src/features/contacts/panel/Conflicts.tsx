/** Fields of this contact that were changed here and in Salesforce: the values on both sides, and the choice between them. */
import { Button } from '@mantine/core';
import { Chip } from '../../../components/Chip';
import { counted } from '../../../components/numbers';
import { Trouble } from '../../../components/Trouble';
import { say } from '../../../components/undo';
import type { ConflictLine, ConflictSide, ConflictsResolved } from '../../../ipc/bindings';
import { useAsk, useDo } from '../../../ipc/queries';
import classes from './Panel.module.css';

/** More than a contact has fields. */
const ALL = 500;

export function Conflicts({ contact }: { contact: string }) {
  const list = useAsk('conflicts.list', { contact, limit: ALL });
  const resolve = useDo('conflicts.resolve');
  if (list.isError) return <Trouble error={list.error} retry={() => void list.refetch()} />;
  const conflicts = list.data?.conflicts ?? [];
  if (conflicts.length === 0) return null;
  return (
    <section className={classes.two} aria-label="Conflicts with Salesforce">
      <Chip tone="look">{counted(conflicts.length, 'conflict')} with Salesforce</Chip>
      <p className={classes.quiet}>
        Changed here and in Salesforce. Until you choose a value, it’s left out of what is sent.
      </p>
      {conflicts.map((one) => (
        <Conflict
          key={`${one.id.link} ${one.id.field}`}
          conflict={one}
          busy={resolve.isPending}
          onChoose={(winner) => resolve.mutate({ winner, conflicts: [one.id] }, { onSuccess: told })}
        />
      ))}
      {resolve.error && <Trouble error={resolve.error} focus />}
    </section>
  );
}

function told({ resolved, unfit }: ConflictsResolved) {
  say(
    unfit > 0
      ? 'The value can’t be stored in the contact field.'
      : `Resolved ${counted(resolved, 'conflict')}.`,
  );
}

type Props = { conflict: ConflictLine; busy: boolean; onChoose: (winner: ConflictSide) => void };

function Conflict({ conflict: { label, object, agreed, here, there, newer }, busy, onChoose }: Props) {
  const side = (of: ConflictSide, name: string, value: string | null, act: string) => (
    <div className={classes.line}>
      <span className={classes.quiet}>{name}</span>
      <span>
        {value ?? <span className={classes.quiet}>No value</span>}
        {newer === of && <span className={classes.quiet}> (newer)</span>}
      </span>
      <span className={classes.push}>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`${act} for ${label}`}
          disabled={busy}
          onClick={() => onChoose(of)}
        >
          {act}
        </Button>
      </span>
    </div>
  );
  return (
    <div role="group" aria-label={`${label} of the ${object.toLowerCase()}`}>
      <strong>{label}</strong>
      <div className={classes.line}>
        <span className={classes.quiet}>Last agreed</span>
        <span>{agreed ?? <span className={classes.quiet}>Not known</span>}</span>
      </div>
      {side('here', 'Here', here, 'Keep value')}
      {side('there', 'In Salesforce', there, 'Use value')}
    </div>
  );
}
