/** Schedules as text: `manual`, `on change`, `every 15 minutes`, `at 08:00, 13:30`. */

export const MOST_MINUTES = 10_080;
const DEFAULT_MINUTES = 15;
export const USE_TIMES = 'Use times such as 08:00, 13:30.';
const MOST_TIMES = 24;
const TIME = /^([01]?\d|2[0-3]):[0-5]\d$/;

/** The schedule that a kind begins with. */
export const firstOf: Record<string, string> = {
  every: `every ${DEFAULT_MINUTES} minutes`,
  at: 'at 08:00',
};

/** Tells whether a text is a list of times of the day. */
export function areTimes(text: string): boolean {
  const times = text.split(',').map((time) => time.trim());
  return times.length <= MOST_TIMES && times.every((time) => TIME.test(time));
}

/** Returns the times of a schedule. */
export function timesOf(schedule: string): string {
  return schedule.replace(/^at ?/, '');
}

/** Returns the minutes of a schedule. */
export function minutesOf(schedule: string): number {
  return Number(/\d+/.exec(schedule)?.[0] ?? DEFAULT_MINUTES);
}

/** Returns the kind of a schedule. */
export function wayOf(schedule: string): string {
  return /^(every|at)\b/.exec(schedule)?.[0] ?? schedule;
}
