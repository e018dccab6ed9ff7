/** The contacts behind a number of the plan, and what would be done about one of them. */
import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { ReplicationInfo } from '../../ipc/bindings';
import classes from './Plan.module.css';
import { PlannedContact } from './PlannedContact';
import type { Reason } from './Reasons';
import { type Tile, usePlanned } from './usePlanned';
import { plannedWords, tileWords } from './words';

type Props = {
  replication: ReplicationInfo;
  tile: Tile;
  reason: Reason;
  /** A run has done what the plan says. */
  carriedOut: boolean;
  total: number;
};

export function PlannedList({ replication: { name }, tile, reason, carriedOut, total }: Props) {
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed);
  const narrowed = search.trim() !== '' || Object.keys(reason).length > 0;
  const { lines, isError, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    usePlanned(name, tile, reason, search);
  const [chosen, setChosen] = useState<string | null>(null);
  if (isError) return <Trouble error={error} retry={() => void refetch()} />;
  const words = (carriedOut && plannedWords[tile]) || tileWords[tile];
  const open = lines.find((line) => line.contact === chosen) ?? lines[0];
  return (
    <div className={classes.split}>
      <div className={classes.people}>
        <h2 className={classes.listHead}>{narrowed ? words : `${counted(total, 'contact')} ${words}`}</h2>
        <div className={classes.search}>
          <TextInput
            type="search"
            aria-label="Search these contacts"
            placeholder="Name, email or company"
            leftSection={<IconSearch size={16} stroke={1.75} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        {isPending && <Rows />}
        <ul className={classes.list} aria-label={`Contacts ${tileWords[tile]}`}>
          {lines.map((line) => (
            <li key={line.contact}>
              <button
                type="button"
                className={classes.person}
                aria-current={line === open || undefined}
                onClick={() => setChosen(line.contact)}
              >
                <span className={classes.personName}>{line.name}</span>
                <span className={classes.personMore}>{line.company ?? line.email ?? ''}</span>
              </button>
            </li>
          ))}
        </ul>
        {hasNextPage && (
          <Button
            variant="subtle"
            size="xs"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
      <div className={classes.detail}>
        {open ? (
          <PlannedContact key={open.contact} replication={name} line={open} carriedOut={carriedOut} />
        ) : (
          <p className={classes.note}>{empty(isPending || hasNextPage, search)}</p>
        )}
      </div>
    </div>
  );
}

function empty(searching: boolean, search: string): string {
  if (searching) return 'Searching…';
  return search.trim() ? 'No matching contacts.' : 'No contacts.';
}
