/** What a run would do with one contact, or why it would do nothing. */
import { Link } from '@tanstack/react-router';
import { Cures } from './Cures';
import { Differences } from './Differences';
import classes from './Plan.module.css';
import type { Line } from './usePlanned';
import { ValuesSent } from './ValuesSent';
import { whyNotWords } from './words';

type Props = { replication: string; line: Line; carriedOut: boolean };

export function PlannedContact({ replication, line, carriedOut }: Props) {
  const blocked = 'planned' in line && line.decision === 'blocked';
  const written = 'planned' in line ? !blocked : line.why === 'same' || line.why === 'went_once';
  return (
    <>
      <div className={classes.detailHead}>
        <h2 className={classes.detailName}>
          <Link to="/contacts" search={{ open: line.contact }} className={classes.who}>
            {line.name}
          </Link>
        </h2>
        <span className={classes.quiet}>
          {'planned' in line ? (
            <Doing line={line} carriedOut={carriedOut} />
          ) : (
            `This contact ${whyNotWords[line.why]}.`
          )}
        </span>
      </div>
      {blocked && (
        <>
          <Cures
            replication={replication}
            contact={line.contact}
            code={line.planned.code}
            message={line.planned.message}
            planned={line.planned}
          />
          <ValuesSent replication={replication} contact={line.contact} />
        </>
      )}
      {written && <Differences replication={replication} contact={line.contact} carriedOut={carriedOut} />}
    </>
  );
}

type DoingProps = { line: Extract<Line, { decision: unknown }>; carriedOut: boolean };

function Doing({ line: { decision, planned }, carriedOut }: DoingProps) {
  switch (decision) {
    case 'create':
      return carriedOut ? 'Was planned as a new record.' : 'A new record is created.';
    case 'match_pending':
      return 'Not matched yet. Leadferry looks for a record before it sends anything.';
    case 'update':
      return (
        <>
          {carriedOut ? 'Was planned as an update of record' : 'Updates record'}{' '}
          <span className="mono selectable">{planned.record_id}</span>
        </>
      );
    case 'blocked':
      return null;
  }
}
