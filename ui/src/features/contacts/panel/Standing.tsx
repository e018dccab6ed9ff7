/** The contact's points with the rules behind them, and the segments that it is or was in. */
import { Link } from '@tanstack/react-router';
import { Ago } from '../../../components/Ago';
import { Chip } from '../../../components/Chip';
import { signed } from '../../../components/numbers';
import { PanelPart } from '../../../components/Panel';
import type { ContactCard, ContactScore } from '../../../ipc/bindings';
import { roleWords } from '../../../words/roles';
import classes from './Panel.module.css';

export function Scores({ card }: { card: ContactCard }) {
  if (card.scores.length === 0) return null;
  return (
    <PanelPart title="Scores">
      {card.scores.map((score) => (
        <Score key={score.name} score={score} />
      ))}
    </PanelPart>
  );
}

function Score({ score }: { score: ContactScore }) {
  const giving = score.why.filter((rule) => rule.points !== 0);
  return (
    <div className={classes.score}>
      <div className={classes.line}>
        <strong>{score.name}</strong>
        <strong className={`${classes.push} ${classes.points} num`}>
          {signed(score.points).replace('+', '')}
        </strong>
      </div>
      {score.marks.map((mark) => (
        <p key={mark.replication} className={classes.quiet}>
          Reached {mark.points} for {mark.replication}, <Ago at={mark.at} />
        </p>
      ))}
      {giving.length === 0 && <p className={classes.quiet}>No rule gives points right now.</p>}
      <ul className={classes.rules}>
        {giving.map((rule) => (
          <li key={rule.name} title={rule.says}>
            <span className={`${classes.rulePoints} num`}>{signed(rule.points)}</span>
            <span>{rule.name}</span>
            <span className={`${classes.quiet} ${classes.push}`}>
              {rule.since !== null && <Ago at={rule.since} />}
              {rule.changes_at !== null && (
                <>
                  {' '}
                  until <Ago at={rule.changes_at} />
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Segments({ card }: { card: ContactCard }) {
  if (card.segments.length === 0) return null;
  return (
    <PanelPart title="Segments">
      {card.segments.map((segment) => {
        const isIn = segment.status === 'realized';
        return (
          <div key={segment.name} className={classes.line}>
            <Chip tone={isIn ? 'done' : 'idle'}>{segment.name}</Chip>
            <span className={`${classes.quiet} ${classes.push}`}>
              {isIn ? 'since' : 'left'} <Ago at={segment.since} />
            </span>
          </div>
        );
      })}
    </PanelPart>
  );
}

export function Accounts({ card }: { card: ContactCard }) {
  if (card.accounts.length === 0) return null;
  return (
    <PanelPart title="Accounts">
      {card.accounts.map(({ id, name, role }) => (
        <div key={id} className={classes.line}>
          <Link to="/accounts" search={{ open: id }}>
            {name}
          </Link>
          <span className={`${classes.quiet} ${classes.push}`}>{roleWords[role] ?? role}</span>
        </div>
      ))}
    </PanelPart>
  );
}
