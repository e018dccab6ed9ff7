/** The contacts behind a number of the plan, and what would be done about one of them. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { ReplicationInfo } from '../../ipc/bindings';
import classes from './Plan.module.css';
import { PlannedContact } from './PlannedContact';
import { type Tile, usePlanned } from './usePlanned';
import { tileWords } from './words';

type Props = { replication: ReplicationInfo; tile: Tile; total: number };

export function PlannedList({ replication: { name }, tile, total }: Props) {
  const { lines, isError, error, isPending, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    usePlanned(name, tile);
  const [chosen, setChosen] = useState<string | null>(null);
  if (isError) return <Trouble error={error} retry={() => void refetch()} />;
  if (isPending) return <Rows />;
  const open = lines.find((line) => line.contact === chosen) ?? lines[0];
  return (
    <div className={classes.split}>
      <div className={classes.people}>
        <h2 className={classes.listHead}>
          {counted(total, 'contact')} {tileWords[tile]}
        </h2>
        <ul className={classes.list} aria-label={`Contacts ${tileWords[tile]}`}>
          {lines.map((line) => (
            <li key={line.contact}>
              <button
                type="button"
                className={classes.person}
                aria-current={line === open || undefined}
                onClick={() => setChosen(line.contact)}
              >
                <span className={classes.personName}>{line.name || line.email || 'No name'}</span>
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
          <PlannedContact key={open.contact} replication={name} line={open} />
        ) : (
          <p className={classes.note}>{hasNextPage ? 'Looking for them…' : 'Nobody.'}</p>
        )}
      </div>
    </div>
  );
}
