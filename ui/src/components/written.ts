/** Numbers, dates and moments of contacts: as they are read here, and as they are typed. */
import type { SentForm, Written } from '../ipc/bindings';
import { decimalSign, locale } from './locale';

/** Returns how the user writes numbers and dates, for the host that reads what is typed. */
export function written(tag = locale()): Written {
  const order = dateParts(tag)
    .map((part) => ({ day: 'd', month: 'm', year: 'y' })[part.type as 'day' | 'month' | 'year'])
    .join('');
  return {
    decimal: decimalSign(tag) === ',' ? 'comma' : 'point',
    dates: order === 'mdy' || order === 'ymd' ? order : 'dmy',
  };
}

/** Returns the form of a date as it is typed here, as in *DD/MM/YYYY*. */
export function dateForm(tag = locale()): string {
  const letters = { day: 'DD', month: 'MM', year: 'YYYY' };
  return figures(tag)
    .formatToParts(0)
    .map(({ type, value }) => letters[type as keyof typeof letters] ?? value)
    .join('');
}

/** Returns a date such as *2026-01-31* in figures, as it is typed here. */
export function typedDate(iso: string, tag = locale()): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : figures(tag).format(at);
}

/** Returns a moment in figures, as it is typed here, in the zone given. */
export function typedMoment(iso: string, timeZone: string, tag = locale()): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return iso;
  const day = new Intl.DateTimeFormat(tag, { ...FIGURES, timeZone }).format(at);
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone }).format(at);
  return `${day} ${time}`;
}

/** Returns a number with the decimal sign of here and without thousands, as it is typed. */
export function typedNumber(digits: string, tag = locale()): string {
  return written(tag).decimal === 'comma' ? digits.replace('.', ',') : digits;
}

/** Returns a number as it is read here; a decimal never goes through a binary number. */
export function shownNumber(digits: string, tag = locale()): string {
  // Floating-point numbers far from 1 are written with an exponent.
  if (/e/i.test(digits))
    return new Intl.NumberFormat(tag, { maximumSignificantDigits: 17 }).format(Number(digits));
  const [whole = '', fraction] = digits.replace('-', '').split('.');
  const grouped = new Intl.NumberFormat(tag).format(BigInt(whole || '0'));
  const sign = digits.startsWith('-') ? '−' : '';
  if (fraction === undefined) return `${sign}${grouped}`;
  return `${sign}${grouped}${written(tag).decimal === 'comma' ? ',' : '.'}${fraction}`;
}

/** Returns a decimal as it is read: without the zeros that only its scale adds. */
export function withoutZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}

/** Returns a date such as *2026-01-31* as it is read here. */
export function shownDate(iso: string, tag = locale()): string {
  const at = Date.parse(iso);
  return Number.isNaN(at)
    ? iso
    : new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}

/** Returns a moment as it is read here, in the zone given. */
export function shownMoment(iso: string, timeZone: string, tag = locale()): string {
  const at = Date.parse(iso);
  return Number.isNaN(at)
    ? iso
    : new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(at);
}

/** Returns a value as it is sent to Salesforce, which takes dates and moments as text, as it is read here. */
export function shownSent(text: string, form: SentForm, timeZone: string): string {
  if (form === 'number') return shownNumber(text);
  if (form === 'yes_no') return text === 'true' ? 'Yes' : 'No';
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return shownDate(text);
  return /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-][\d:]+)$/.test(text) ? shownMoment(text, timeZone) : text;
}

const FIGURES = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;

function figures(tag = locale()): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(tag, { ...FIGURES, timeZone: 'UTC' });
}

function dateParts(tag = locale()): Intl.DateTimeFormatPart[] {
  return figures(tag)
    .formatToParts(0)
    .filter((part) => part.type !== 'literal');
}

const ORDERS = { dmy: ['d', 'm', 'y'], mdy: ['m', 'd', 'y'], ymd: ['y', 'm', 'd'] } as const;

/** Returns the date that a text means here, such as *2026-01-31*; null where it means none. */
export function readDate(text: string, tag = locale()): string | null {
  const parts = text.trim().match(/^(\d{1,4})\s*[./\s-]\s*(\d{1,2})\s*[./\s-]\s*(\d{1,4})\.?$/);
  if (!parts) return null;
  const [, first = '', ...rest] = parts;
  const order = ORDERS[first.length > 2 ? 'ymd' : (written(tag).dates as keyof typeof ORDERS)];
  const at = (part: 'd' | 'm' | 'y') => [first, ...rest][order.indexOf(part as never)] ?? '';
  const number = (part: 'd' | 'm' | 'y') => Number(at(part));
  if (![2, 4].includes(at('y').length)) return null;
  const [year, month, day] = [fullYear(number('y')), number('m'), number('d')];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return date.toISOString().slice(0, 10);
}

/** Of two digits, those up to 49 are of this century. */
function fullYear(year: number): number {
  if (year >= 100) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}

/** Returns today's date here, as dates are stored. */
export function today(now = new Date()): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
