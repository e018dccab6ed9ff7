/** The contacts behind a number of the plan, and what would be sent for one of them. */
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type {
  ContactId,
  HostError,
  PlanDecision,
  PlannedLine,
  PlannedPage,
  ReplicationInfo,
} from '../../ipc/bindings';
import { call } from '../../ipc/call';
import { useAsk } from '../../ipc/queries';
import { Cures } from './Cures';
import classes from './Plan.module.css';
import { decisionWords } from './words';

type Props = { replication: ReplicationInfo; decision: PlanDecision; total: number };

const PAGE = 100;

export function PlannedList({ replication: { name }, decision, total }: Props) {
  const pages = useInfiniteQuery<
    PlannedPage,
    HostError,
    { pages: PlannedPage[] },
    unknown[],
    ContactId | null
  >({
    queryKey: ['replications.planned', { name, decision }],
    queryFn: ({ pageParam }) =>
      call('replications.planned', {
        name,
        decision,
        limit: PAGE,
        ...(pageParam === null ? {} : { after: pageParam }),
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
  });
  const [chosen, setChosen] = useState<string | null>(null);
  if (pages.isError) return <Trouble error={pages.error} retry={() => void pages.refetch()} />;
  if (pages.isPending) return <Rows />;
  const lines = pages.data.pages.flatMap((page) => page.contacts);
  const open = lines.find((line) => line.contact === chosen) ?? lines[0];
  return (
    <div className={classes.split}>
      <div className={classes.people}>
        <h2 className={classes.listHead}>
          {counted(total, 'contact')} {decisionWords[decision]}
        </h2>
        <ul className={classes.list} aria-label={`Contacts ${decisionWords[decision]}`}>
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
        {pages.hasNextPage && (
          <Button
            variant="subtle"
            size="xs"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
      <div className={classes.detail}>
        {open ? (
          <Detail key={open.contact} name={name} decision={decision} line={open} />
        ) : (
          <p className={classes.note}>Nobody.</p>
        )}
      </div>
    </div>
  );
}

function Detail({ name, decision, line }: { name: string; decision: PlanDecision; line: PlannedLine }) {
  const grid = useAsk('mappings.grid', { name, sample: line.contact });
  const mapped = grid.data?.rows.filter((row) => row.source !== null) ?? [];
  return (
    <>
      <div className={classes.detailHead}>
        <h2 className={classes.detailName}>{line.name || line.email}</h2>
        <span className={classes.quiet}>
          {decision === 'create' && 'becomes a new record'}
          {decision === 'update' && 'updates the record '}
          {decision === 'update' && line.record_id && (
            <span className="mono selectable">{line.record_id}</span>
          )}
          {decision === 'match_pending' && 'is looked for in the org before anything is sent'}
        </span>
      </div>
      {decision === 'blocked' && (
        <Cures replication={name} contact={line.contact} code={line.code} message={line.message} />
      )}
      {grid.isError && <Trouble error={grid.error} retry={() => void grid.refetch()} />}
      {grid.isPending && <Rows />}
      {grid.data && (
        <table className={classes.fields} aria-label="What would be sent">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Will be sent</th>
            </tr>
          </thead>
          <tbody>
            {mapped.map((row) => (
              <tr key={row.target}>
                <th scope="row">{row.label}</th>
                <td className="selectable">
                  {row.sends.kind === 'value' && (
                    <>
                      {row.sends.kept}
                      {row.sends.cut && <s className="strike">{row.sends.cut}</s>}
                    </>
                  )}
                  {row.sends.kind === 'nothing' && <span className={classes.quiet}>nothing</span>}
                  {row.sends.kind === 'unknown' && (
                    <span className={classes.quiet}>known when it is sent</span>
                  )}
                  {row.sends.kind === 'refused' && (
                    <span className={classes.red}>
                      {row.sends.value}: {row.sends.why}
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
