/** Moments in words. */
import { dateFormat, isMoment } from './locale';

const DAY_ONLY = { day: 'numeric', month: 'short' } as const;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns the full date and time here, for the moment in milliseconds. */
export function exactly(at: number): string {
  return dateFormat({ dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** Returns the time of the day here: *18:00*. */
export function clockTime(at: number): string {
  return dateFormat({ timeStyle: 'short' }).format(at);
}

/** Returns how long ago a moment is: *just now*, *12 min ago*, *3 h ago*, *2 days ago*, then the date. */
export function ago(at: number, now: number): string {
  if (!isMoment(at)) return date(at, now);
  const past = now - at;
  if (past < -MINUTE) return until(-past) ?? date(at, now);
  if (past < MINUTE) return 'just now';
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min ago`;
  if (past < DAY) return `${Math.floor(past / HOUR)} h ago`;
  if (past < 7 * DAY) return past < 2 * DAY ? 'yesterday' : `${Math.floor(past / DAY)} days ago`;
  return date(at, now);
}

function until(future: number): string | null {
  if (future < HOUR) return `in ${Math.ceil(future / MINUTE)} min`;
  if (future < DAY) return `in ${Math.ceil(future / HOUR)} h`;
  return null;
}

function date(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dateFormat(sameYear ? DAY_ONLY : { ...DAY_ONLY, year: 'numeric' }).format(at);
}

/** Returns a length of time: *Under 1 s*, *6 s*, *1 min 16 s*, *2 h 5 min*. */
export function lasting(ms: number): string {
  if (ms < 1000) return 'Under 1 s';
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}
