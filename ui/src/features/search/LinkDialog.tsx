/** Links a record to a contact, which is found by typing. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { FoundRecord, JsonValue } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Search.module.css';

const SHOWN = 8;

type Props = {
  connection: string;
  record: FoundRecord;
  onClose: () => void;
  onLinked: () => void;
};

export function LinkDialog({ connection, record, onClose, onLinked }: Props) {
  const [typed, setTyped] = useState(record.name);
  const [text] = useDebouncedValue(typed.trim(), 150);
  const people = useAsk(
    'contacts.page',
    {
      filter: text ? { text } : {},
      columns: ['email', 'company_name'],
      from: 0,
      limit: SHOWN,
    },
    { keep: true },
  );
  const link = useDo('links.set');
  const send = (contact: string, overwrite: boolean) =>
    link.mutate(
      { contact, record_id: record.id, connection, overwrite_identifier: overwrite },
      {
        onSuccess: () => {
          say(`${record.name} is linked.`);
          onLinked();
        },
      },
    );
  return (
    <Dialog opened onClose={onClose} title={`Link ${record.name || 'the record'} to a contact`} size={520}>
      <TextInput
        label="Contact"
        description="Linking writes the Leadferry ID to the record, so it’s found again."
        data-autofocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ul className={classes.people} aria-label="Matching contacts">
        {people.data?.rows.map((row) => (
          <li key={row.guid}>
            <span>
              {row.name || 'No name'}{' '}
              <span className={classes.quiet}>{row.cells.map(textOf).filter(Boolean).join(', ')}</span>
            </span>
            <Button
              size="xs"
              variant="default"
              loading={link.isPending && link.variables?.contact === row.guid}
              aria-label={`Link to ${row.name}`}
              onClick={() => send(row.guid, false)}
            >
              Link
            </Button>
          </li>
        ))}
      </ul>
      {people.data?.rows.length === 0 && <p className={classes.quiet}>No matching contacts.</p>}
      {people.isError && <Trouble error={people.error} retry={() => void people.refetch()} />}
      {link.error && (
        <Trouble
          error={link.error}
          cure={
            link.error.field === 'overwrite_identifier'
              ? {
                  label: 'Link anyway',
                  act: () => link.variables && send(link.variables.contact, true),
                }
              : undefined
          }
        />
      )}
    </Dialog>
  );
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : '';
}
