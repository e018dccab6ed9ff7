/** A value of a field in words, and as the text that is typed for it. */
import {
  shownDate,
  shownMoment,
  shownNumber,
  typedDate,
  typedMoment,
  typedNumber,
  withoutZeros,
} from '../../../components/written';
import type { ContactFieldInfo, JsonValue, NamedPlace } from '../../../ipc/bindings';
import { isNumber } from '../../../words/conditions';

export type Setting = {
  /** The workspace's time zone. */
  timeZone: string;
  /** The names of places by their codes. */
  places: readonly NamedPlace[];
};

/** Returns a value as it is read. */
export function shown(
  { kind }: Pick<ContactFieldInfo, 'kind'>,
  value: JsonValue,
  { timeZone, places }: Setting,
): string {
  const text = String(value);
  if (isNumber(kind)) return shownNumber(withoutZeros(text));
  if (kind === 'yes_no') return value === true ? 'Yes' : 'No';
  if (kind === 'date') return shownDate(text);
  if (kind === 'date_time') return shownMoment(text, timeZone);
  return nameOf(places, text);
}

/** Returns what is doubtful about a value that is kept as it stands; `today` is written as dates are stored. */
export function doubt(
  { name }: Pick<ContactFieldInfo, 'name'>,
  value: JsonValue | undefined,
  { places }: Setting,
  today: string,
): string | null {
  if (typeof value !== 'string' || value === '') return null;
  if (name === 'birthday' && value > today) return 'This date is in the future.';
  const isUnknown = places.length > 0 && places.every(({ code }) => code !== value);
  if (name === 'country' && isUnknown)
    return 'Not a known country: kept as text, and rules on countries don’t match it.';
  if (name === 'state' && isUnknown)
    return 'Not a known state of this country: kept as text, and rules on states don’t match it.';
  return null;
}

/** Returns the text that somebody would type for a value. */
export function typed({ kind }: ContactFieldInfo, value: JsonValue | undefined, setting: Setting): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  if (isNumber(kind)) return typedNumber(withoutZeros(text));
  if (kind === 'date') return typedDate(text);
  if (kind === 'date_time') return typedMoment(text, setting.timeZone);
  return nameOf(setting.places, text);
}

function nameOf(places: readonly NamedPlace[], code: string): string {
  return places.find((place) => place.code === code)?.name ?? code;
}
