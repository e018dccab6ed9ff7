/** Finds a contact by typing and adds them to the account. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Trouble } from '../../components/Trouble';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Accounts.module.css';

const SHOWN = 5;

export function AddMember({ account }: { account: number }) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 150);
  const people = useAsk(
    'contacts.page',
    { filter: { text }, columns: ['email'], from: 0, limit: SHOWN },
    { enabled: text !== '' },
  );
  const join = useDo('accounts.join');
  const add = (contact: string) =>
    join.mutate({ account, contact, role: 'regular' }, { onSuccess: () => setTyped('') });
  return (
    <>
      <TextInput
        label="Add a contact"
        placeholder="Search by name or email"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {(join.error ?? people.error) && (
        <Trouble error={(join.error ?? people.error) as NonNullable<typeof join.error>} />
      )}
      {text !== '' && people.data?.rows.length === 0 && (
        <p className={classes.quiet}>No matching contacts.</p>
      )}
      {text !== '' && (
        <ul className={classes.members} aria-label="Matching contacts">
          {people.data?.rows.map((row) => (
            <li key={row.guid}>
              <span className={classes.member}>
                {row.name} <span className={classes.quiet}>{String(row.cells[0] ?? '')}</span>
              </span>
              <Button
                size="xs"
                variant="default"
                aria-label={`Add ${row.name}`}
                onClick={() => add(row.guid)}
              >
                Add
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
