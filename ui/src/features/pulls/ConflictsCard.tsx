/** Fields that were changed here and in Salesforce: both values beside each other, and the choice between them. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ConflictLine, ConflictSide, ConflictsResolved } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Pulls.module.css';

const PAGE = 50;

/** Shows the conflicts, of one connection or all; nothing at all where there are none. */
export function ConflictsCard({ connection }: { connection?: string }) {
  const [limit, setLimit] = useState(PAGE);
  const which = connection === undefined ? {} : { connection };
  const list = useAsk('conflicts.list', { ...which, limit }, { keep: true });
  const resolve = useDo('conflicts.resolve');
  const conflicts = list.data?.conflicts ?? [];
  const total = list.data?.total ?? 0;
  if (list.isError) return <Trouble error={list.error} retry={() => void list.refetch()} />;
  if (total === 0) return null;
  const choose = (winner: ConflictSide, one?: ConflictLine) =>
    resolve.mutate(one ? { winner, conflicts: [one.id] } : { winner, which }, { onSuccess: told });
  return (
    <Card
      title="Conflicts"
      about="Changed here and in Salesforce. Until you choose a value, these fields are left out of what is sent."
      aside={
        <>
          <Button size="xs" variant="default" loading={resolve.isPending} onClick={() => choose('here')}>
            Keep all values here
          </Button>
          <Button size="xs" variant="default" loading={resolve.isPending} onClick={() => choose('there')}>
            Use all from Salesforce
          </Button>
        </>
      }
    >
      {resolve.error && <Trouble error={resolve.error} focus />}
      <Table
        label="Conflicts"
        heads={[
          { name: 'Contact' },
          { name: 'Field' },
          { name: 'Last agreed' },
          { name: 'Here' },
          { name: 'In Salesforce' },
        ]}
      >
        {conflicts.map((one) => (
          <Line key={`${one.id.link} ${one.id.field}`} conflict={one} choose={choose} />
        ))}
      </Table>
      {total > conflicts.length && (
        <div className={classes.line}>
          <span className={classes.quiet}>{counted(total, 'conflict')} in all.</span>
          {limit < 500 && (
            <Button size="xs" variant="default" onClick={() => setLimit(limit + PAGE)}>
              Show more
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

function told({ resolved, unfit }: ConflictsResolved) {
  const left = unfit > 0 ? ` ${counted(unfit, 'value')} can’t be stored in the contact field.` : '';
  say(`Resolved ${counted(resolved, 'conflict')}.${left}`);
}

type LineProps = { conflict: ConflictLine; choose: (winner: ConflictSide, one: ConflictLine) => void };

function Line({ conflict, choose }: LineProps) {
  const { contact, name, label, id, agreed, here, there, newer } = conflict;
  const side = (of: ConflictSide, value: string | null, act: string) => (
    <td>
      <div className={classes.stack}>
        <span>
          {value ?? <span className={classes.quiet}>No value</span>}
          {newer === of && <span className={classes.quiet}> (newer)</span>}
        </span>
        <Button
          size="compact-xs"
          variant="default"
          className={classes.choice}
          aria-label={`${act} for ${label} of ${name}`}
          onClick={() => choose(of, conflict)}
        >
          {act}
        </Button>
      </div>
    </td>
  );
  return (
    <tr>
      <td>
        <Link to="/contacts" search={{ open: contact }} className={classes.name}>
          {name}
        </Link>
      </td>
      <td>
        {label} <span className={classes.quiet}>{id.field}</span>
      </td>
      <td>{agreed ?? <span className={classes.quiet}>Not known</span>}</td>
      {side('here', here, 'Keep value')}
      {side('there', there, 'Use value')}
    </tr>
  );
}
