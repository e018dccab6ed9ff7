/** How numbers and days are written: as chosen in Settings, else as the system does. */

/** The choices of Settings; each is written in its own way. */
export const LOCALES = [
  'en-GB',
  'en-US',
  'de-DE',
  'de-CH',
  'fr-FR',
  'es-ES',
  'it-IT',
  'nl-NL',
  'pl-PL',
  'sv-SE',
];

const FALLBACK = 'en-GB';

let chosen: string | null = null;

const watchers = new Set<() => void>();

/** Chooses a locale for this window; null follows the system. */
export function setLocale(tag: string | null): void {
  chosen = tag !== null && LOCALES.includes(tag) ? tag : null;
  for (const watcher of watchers) watcher();
}

/** Returns the chosen locale; null while the system's is followed. */
export function chosenLocale(): string | null {
  return chosen;
}

/** Tells of each choice, until the function that comes back is called. */
export function watchLocale(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function locale(): string {
  return chosen ?? systemLocale();
}

/** Returns how the system writes; a system without a language, such as *C*, writes as English does. */
export function systemLocale(): string {
  try {
    return Intl.getCanonicalLocales(navigator.language)[0] ?? FALLBACK;
  } catch {
    return FALLBACK;
  }
}

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** Returns the format of numbers; groups digits from four on, as every table here does. */
export function numberFormat(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const make = () => new Intl.NumberFormat(locale(), { useGrouping: 'always', ...options });
  return kept(`number ${JSON.stringify(options)}`, make);
}

/** The farthest moment that has a date, in milliseconds before and after 1970. */
const FARTHEST = 8.64e15;

/** Tells whether a number of milliseconds has a date: a workspace from elsewhere may hold any number. */
export function isMoment(at: number): boolean {
  return Math.abs(at) <= FARTHEST;
}

/** Returns the format of moments; what is no moment is an unknown date. */
export function dateFormat(options: Intl.DateTimeFormatOptions): { format: (at: number | Date) => string } {
  const make = () => new Intl.DateTimeFormat(locale(), options);
  const format = kept(`date ${JSON.stringify(options)}`, make);
  return { format: (at) => (isMoment(Number(at)) ? format.format(at) : 'Unknown date') };
}

function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat>(name: string, make: () => T): T {
  const key = `${locale()} ${name}`;
  const found = formats.get(key) ?? make();
  formats.set(key, found);
  return found as T;
}

/** Returns what separates a number's whole part from the rest. */
export function decimalSign(tag = locale()): string {
  const parts = new Intl.NumberFormat(tag).formatToParts(1.5);
  return parts.find((part) => part.type === 'decimal')?.value ?? '.';
}

/**
 * Returns the number that a text means, null where it means none.
 *
 * A point and a comma are both taken. The last of two kinds is the decimal sign, and so is one that does not stand before
 * three digits. Only where both would be right, as in *1.500*, the locale decides.
 */
export function readNumber(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[\s'’\u00a0\u202f]/g, '')
    .replace('−', '-');
  if (!/^[+-]?[\d.,]*\d[\d.,]*$/.test(plain)) return null;
  const signs = [...new Set(plain.match(/[.,]/g) ?? [])];
  const decimal = signs.length === 2 ? lastSign(plain) : decimalAlone(plain, signs[0]);
  const grouping = decimal ? (decimal === '.' ? ',' : '.') : (signs[0] ?? ',');
  const [whole = '', rest, ...more] = decimal ? plain.split(decimal) : [plain];
  const grouped = whole.includes(grouping) && !/^[+-]?\d{1,3}([.,]\d{3})+$/.test(whole);
  if (more.length > 0 || grouped || rest?.includes(grouping)) return null;
  const number = Number(`${whole.replaceAll(grouping, '')}.${rest || '0'}`);
  return Number.isFinite(number) ? number : null;
}

function lastSign(text: string): string {
  return text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ',';
}

function decimalAlone(text: string, sign: string | undefined): string | null {
  if (!sign) return null;
  if (text.indexOf(sign) !== text.lastIndexOf(sign)) return null;
  const mayGroup = new RegExp(`^[+-]?[1-9]\\d{0,2}\\${sign}\\d{3}$`).test(text);
  return mayGroup && sign !== decimalSign() ? null : sign;
}

/** Returns a number as it is typed: with the locale's decimal sign, ungrouped. */
export function writtenNumber(number: number): string {
  return numberFormat({ useGrouping: false, maximumFractionDigits: 20 }).format(number).replace('−', '-');
}
