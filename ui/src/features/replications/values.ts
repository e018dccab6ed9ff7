/** Values as Salesforce takes and holds them, in people's words. */
import { dateFormat, numberFormat } from '../../components/locale';
import { shownDate } from '../../components/written';
import type { JsonValue } from '../../ipc/bindings';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const MOST_DIGITS = 20;

/** Returns a value as people read it; an unset one is *Empty*. */
export function shown(value: JsonValue): string {
  if (value === null || value === '') return 'Empty';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return numberFormat({ maximumFractionDigits: MOST_DIGITS }).format(value);
  if (typeof value === 'string') return dated(value);
  return Object.values(value).map(shown).join(', ');
}

function dated(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) return text;
  // A day is the same day everywhere.
  if (DAY.test(text)) return shownDate(text);
  if (MOMENT.test(text)) return dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(at);
  return text;
}
