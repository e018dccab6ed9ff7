/** How many contacts can be reached, and what was answered last. */
import { Link } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip, type Tone } from '../../components/Chip';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { ConsentSummary, LatestAnswer } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Consents.module.css';

/** The contacts, and how many are opted out of each channel. */
export function Reach({ summary: { contacts, opted_out } }: { summary: ConsentSummary }) {
  return (
    <dl className={classes.reach} aria-label="Contacts that can be reached">
      <Figure name="Contacts" number={contacts} search={{}} />
      {opted_out.map((out) => (
        <Figure
          key={out.channel}
          name={`Opted out: ${out.name}`}
          number={out.contacts}
          of={contacts}
          search={{ opted_out: out.channel }}
        />
      ))}
    </dl>
  );
}

type FigureProps = { name: string; number: number; of?: number; search: { opted_out?: string } };

/** A number, leading to the contacts that it counts. */
function Figure({ name, number, of, search }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {number === 0 ? (
          <strong className={`num ${classes.figure}`}>0</strong>
        ) : (
          <Link
            to="/contacts"
            search={search}
            className={`num ${classes.figure} ${classes.link}`}
            aria-label={`Open ${counted(number, 'contact')}: ${name}`}
          >
            {count(number)}
          </Link>
        )}
        {of !== undefined && number > 0 && <span className={classes.quiet}> {share(number, of)}</span>}
      </dd>
    </div>
  );
}

/** Returns a part of a whole as people say it: nobody is 0 % where there is somebody. */
export function share(part: number, whole: number): string {
  const percent = whole > 0 ? (100 * part) / whole : 0;
  if (part > 0 && percent < 1) return 'under 1%';
  return `${Math.floor(percent)}%`;
}

export function LatestAnswers() {
  const summary = useAsk('consents.summary', {});
  return (
    <Card title="Latest answers">
      {summary.isError && <Trouble error={summary.error} retry={() => void summary.refetch()} />}
      {summary.isPending && <Rows count={4} />}
      {summary.data?.latest.length === 0 && (
        <p className={classes.quiet}>No answers yet. Import them with your contacts, or record them here.</p>
      )}
      {summary.data && summary.data.latest.length > 0 && (
        <ul className={classes.latest}>
          {summary.data.latest.map((one) => (
            <Latest key={one.number} one={one} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function toneOf({ answer }: LatestAnswer): Tone {
  if (answer === null) return 'idle';
  return answer ? 'done' : 'fail';
}

function Latest({ one }: { one: LatestAnswer }) {
  return (
    <li data-listed>
      <span className={classes.who}>
        {one.contact === null ? (
          <span className={classes.quiet}>Erased contact</span>
        ) : (
          <Link to="/contacts" search={{ open: one.contact }} className={classes.link}>
            {one.name}
          </Link>
        )}
        <span className={classes.quiet}>{one.about}</span>
      </span>
      <span className={classes.when}>
        <Chip tone={toneOf(one)} bare>
          {one.answered}
        </Chip>
        <span className={classes.quiet}>
          <Ago at={one.recorded_at} />
        </span>
      </span>
    </li>
  );
}
