/** A value of a field in words, and as the text that is typed for it. */
import {
  shownDate,
  shownMoment,
  shownNumber,
  typedDate,
  typedMoment,
  typedNumber,
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
  if (isNumber(kind)) return shownNumber(text);
  if (kind === 'yes_no') return value === true ? 'Yes' : 'No';
  if (kind === 'date') return shownDate(text);
  if (kind === 'date_time') return shownMoment(text, timeZone);
  return nameOf(places, text);
}

/** Returns the text that somebody would type for a value. */
export function typed({ kind }: ContactFieldInfo, value: JsonValue | undefined, setting: Setting): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  if (isNumber(kind)) return typedNumber(text);
  if (kind === 'date') return typedDate(text);
  if (kind === 'date_time') return typedMoment(text, setting.timeZone);
  return nameOf(setting.places, text);
}

function nameOf(places: readonly NamedPlace[], code: string): string {
  return places.find((place) => place.code === code)?.name ?? code;
}
