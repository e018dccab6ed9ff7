/** The columns of the list: fields, the account, points, and how it stands in Salesforce. */
import type { ContactFieldInfo, Delivery, JsonValue, ScoreInfo } from '../../ipc/bindings';
import { deliveryWords } from './filters';

export type Column = { name: string; label: string; isNumber: boolean };

/** Shown until the user chooses. */
export const USUAL: string[] = ['email', 'company_name', 'city', 'salesforce'];
/** More cannot be told apart on any screen. */
export const MOST = 12;

const numbers = ['integer', 'long_integer', 'decimal', 'float'];

/** Returns every column that can be shown, besides the name, which always is. */
export function allColumns(fields: readonly ContactFieldInfo[], scores: readonly ScoreInfo[]): Column[] {
  return [
    ...fields.map(({ name, label, kind }) => ({ name, label, isNumber: numbers.includes(kind) })),
    { name: 'account', label: 'Account', isNumber: false },
    { name: 'salesforce', label: 'Salesforce', isNumber: false },
    ...scores.map(({ name }) => ({ name: `points:${name}`, label: `${name} points`, isNumber: true })),
  ];
}

/** Returns the chosen columns in their order; what is not there any more is left out. */
export function chosenColumns(all: readonly Column[], chosen: readonly string[]): Column[] {
  const known = chosen.flatMap((name) => all.filter((column) => column.name === name));
  return known.slice(0, MOST);
}

const grouped = new Intl.NumberFormat('en-GB');

/** Returns a cell of a column as people read it. */
export function shownCell({ name }: Column, value: JsonValue | undefined): string {
  const word =
    name === 'salesforce' && typeof value === 'string' ? deliveryWords[value as Delivery] : undefined;
  return word ?? shownValue(value);
}

/** Returns a value as people read it. */
export function shownValue(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return grouped.format(value).replace('-', '−');
  if (Array.isArray(value)) return value.map(shownValue).join(', ');
  return typeof value === 'object' ? Object.values(value).map(shownValue).filter(Boolean).join(' ') : value;
}
