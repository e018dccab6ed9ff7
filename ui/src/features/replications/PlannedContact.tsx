/** What a run would do with one contact, or why it would do nothing. */
import { Link } from '@tanstack/react-router';
import type { WhyNot } from '../../ipc/bindings';
import { Cures } from './Cures';
import { Differences } from './Differences';
import classes from './Plan.module.css';
import type { Line } from './usePlanned';
import { ValuesSent } from './ValuesSent';

const reasons: Record<WhyNot, string> = {
  same: 'is in Salesforce as it is here',
  went_once: 'has gone already; each contact goes once',
  do_not_send: 'is marked “do not send”',
  not_in_segments: 'is not in the segments that decide who goes',
  below_minimum: 'has never reached the points it needs',
  held: 'is held until you let it go again',
  converted: 'was converted in Salesforce; the Contact replication goes on with it',
  not_found: 'is not in Salesforce, and this replication only updates',
};

export function PlannedContact({ replication, line }: { replication: string; line: Line }) {
  const blocked = 'planned' in line && line.decision === 'blocked';
  const written = 'planned' in line ? !blocked : line.why === 'same' || line.why === 'went_once';
  return (
    <>
      <div className={classes.detailHead}>
        <h2 className={classes.detailName}>
          <Link to="/contacts" search={{ open: line.contact }} className={classes.who}>
            {line.name || line.email || 'No name'}
          </Link>
        </h2>
        <span className={classes.quiet}>{'planned' in line ? <Doing line={line} /> : reasons[line.why]}</span>
      </div>
      {blocked && (
        <>
          <Cures
            replication={replication}
            contact={line.contact}
            code={line.planned.code}
            message={line.planned.message}
          />
          <ValuesSent replication={replication} contact={line.contact} />
        </>
      )}
      {written && <Differences replication={replication} contact={line.contact} />}
    </>
  );
}

function Doing({ line: { decision, planned } }: { line: Extract<Line, { decision: unknown }> }) {
  switch (decision) {
    case 'create':
      return 'becomes a new record';
    case 'match_pending':
      return 'is looked for in the org before anything is sent';
    case 'update':
      return (
        <>
          updates the record <span className="mono selectable">{planned.record_id}</span>
        </>
      );
    case 'blocked':
      return null;
  }
}
