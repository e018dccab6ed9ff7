/** Numbers and dates in the host's texts, which are English: as they are read here. */
import { dateFormat, numberFormat } from './locale';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What somebody has written, in quotes; a date such as *Jan 31, 2026*; a number such as *12,500* or *1.5*. */
const VALUES = new RegExp(
  `(“[^”]*”|"[^"]*")|\\b(${MONTHS.join('|')}) (\\d{1,2}), (\\d{4})\\b|(?<![\\w.,:/-])(-?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?)(?![\\w.,:/-]*\\w)`,
  'g',
);

/** Returns a text of the host with its numbers and dates as they are read here; quoted values stay as they are. */
export function asHere(text: string): string {
  return text.replace(VALUES, (all, quoted, month, day, year, number) => {
    if (quoted !== undefined) return all;
    if (number === undefined) return shownDay(Date.UTC(Number(year), MONTHS.indexOf(month), Number(day)));
    // One without a sign in it is the same everywhere.
    return /[.,]/.test(number) ? shownNumber(number) : all;
  });
}

function shownDay(at: number): string {
  return dateFormat({ dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}

function shownNumber(digits: string): string {
  const fraction = digits.split('.')[1]?.length ?? 0;
  return numberFormat({ minimumFractionDigits: fraction, maximumFractionDigits: fraction })
    .format(Number(digits.replaceAll(',', '')))
    .replace('-', '−');
}
