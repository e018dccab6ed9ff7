/** One send: what came of it, and on demand the values that were sent. */
import {
  IconAlertTriangle,
  IconCheck,
  IconChevronDown,
  IconChevronRight,
  IconClock,
} from '@tabler/icons-react';
import { useState } from 'react';
import { Ago } from '../../../components/Ago';
import { counted } from '../../../components/numbers';
import { sentence } from '../../../components/Trouble';
import { shownSent } from '../../../components/written';
import type { ContactSend, JsonValue } from '../../../ipc/bindings';
import { outcomeWords } from '../../../words/sending';
import classes from './Panel.module.css';

const ICONS = {
  done: IconCheck,
  look: IconClock,
  fail: IconAlertTriangle,
  accent: IconClock,
  idle: IconClock,
};

type Props = {
  send: ContactSend;
  /** The workspace's time zone. */
  timeZone: string;
};

export function Send({ send, timeZone }: Props) {
  const [open, setOpen] = useState(false);
  const { word, tone } = outcomeWords[send.outcome] ?? { word: send.outcome, tone: 'idle' as const };
  const Icon = ICONS[tone];
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const values = send.fields.length;
  return (
    <div className={classes.send}>
      <div className={classes.line}>
        <Icon size={14} stroke={1.75} aria-hidden className={classes[tone]} />
        <strong>{word}</strong>
        {values > 0 ? (
          <button
            type="button"
            className={classes.values}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {counted(values, 'value')} <Chevron size={12} stroke={1.75} aria-hidden />
          </button>
        ) : null}
        <span className={`${classes.quiet} ${classes.where}`}>
          {send.replication}, run {send.run}
        </span>
        <span className={`${classes.quiet} ${classes.push}`}>
          <Ago at={send.at} />
        </span>
      </div>
      {send.reason && <p className={`${classes.why} selectable`}>{sentence(send.reason)}</p>}
      {open && (
        <dl className={`${classes.sent} selectable`}>
          {send.fields.map(({ field, label, value }) => (
            <div key={field}>
              <dt title={field}>{label}</dt>
              <dd>{said(value, timeZone)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** Returns a value that was sent as people read it: Salesforce takes dates and moments as text. */
export function said(value: JsonValue, timeZone: string): string {
  if (value === null) return 'Cleared';
  if (typeof value === 'boolean') return shownSent(String(value), 'yes_no', timeZone);
  if (typeof value === 'number') return shownSent(String(value), 'number', timeZone);
  if (typeof value === 'object') {
    return Object.values(value)
      .map((part) => said(part, timeZone))
      .join(', ');
  }
  return shownSent(value, 'text', timeZone);
}
