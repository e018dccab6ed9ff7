/** The columns of the list: fields, the account, points, and how it stands in Salesforce. */
import type { ContactFieldInfo, JsonValue, ScoreInfo } from '../../ipc/bindings';
import { isNumber } from '../../words/conditions';
import { shown } from './panel/shown';

/** A column; `kind` is what its cells hold, as of fields. */
export type Column = { name: string; label: string; kind: string; isNumber: boolean };

/** Shown until the user chooses. */
export const USUAL: string[] = ['email', 'company_name', 'city', 'salesforce'];
/** More cannot be told apart on any screen. */
export const MOST = 12;

/** Returns every column that can be shown, besides the name, which always is. */
export function allColumns(fields: readonly ContactFieldInfo[], scores: readonly ScoreInfo[]): Column[] {
  const column = (name: string, label: string, kind: string) => ({
    name,
    label,
    kind,
    isNumber: isNumber(kind),
  });
  return [
    ...fields.map(({ name, label, kind }) => column(name, label, kind)),
    column('account', 'Account', 'text'),
    column('salesforce', 'Salesforce', 'text'),
    ...scores.map(({ name }) => column(`points:${name}`, `${name} points`, 'integer')),
  ];
}

/** Returns the chosen columns in their order; what is not there any more is left out. */
export function chosenColumns(all: readonly Column[], chosen: readonly string[]): Column[] {
  const known = chosen.flatMap((name) => all.filter((column) => column.name === name));
  return known.slice(0, MOST);
}

/** Columns whose cells need more room than others, or less. */
const WEIGHTS: Record<string, number> = { email: 1.3, salesforce: 1.35 };

/** Tells whether a column goes where there is no room for all: the company stands in the panel beside the list. */
export function isSpare({ name }: Column): boolean {
  return name === 'company_name';
}

/** Returns the widths of columns beside each other, for a grid. */
export function columnWidths(columns: readonly Column[]): string {
  const weight = ({ name, isNumber }: Column) => WEIGHTS[name] ?? (isNumber ? 0.7 : 1);
  return columns.map((column) => `minmax(5rem, ${weight(column)}fr)`).join(' ');
}

/** Returns a cell of a column as people read it. */
export function shownCell({ kind }: Column, value: JsonValue | undefined, timeZone: string): string {
  if (value === null || value === undefined) return '';
  return shown({ kind }, value, { timeZone, places: [] });
}
