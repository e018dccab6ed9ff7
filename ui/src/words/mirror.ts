/** Mirrored records in words. */
import { dateFormat, numberFormat } from '../components/locale';
import type { MirrorKind, MirrorState, SearchCell } from '../ipc/bindings';

export const stateWords: Record<MirrorState, { word: string; tone: 'done' | 'idle' | 'look' }> = {
  live: { word: 'In Salesforce', tone: 'done' },
  deleted: { word: 'Deleted', tone: 'idle' },
  gone: { word: 'No longer returned', tone: 'look' },
};

/** Returns a value of a record as people read it. */
export function valueText(value: SearchCell, kind: MirrorKind): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return numberFormat({ maximumFractionDigits: 20 }).format(value);
  const at = Date.parse(kind === 'date' ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(at)) return value;
  if (kind === 'date') return dateFormat({ dateStyle: 'medium', timeZone: 'UTC' }).format(at);
  if (kind === 'date_time') return dateFormat({ dateStyle: 'medium', timeStyle: 'short' }).format(at);
  return value;
}
