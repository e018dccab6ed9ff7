/** Pulls and mirrored records in words. */
import { dateFormat, numberFormat } from '../../components/locale';
import { counted } from '../../components/numbers';
import type {
  MirrorKind,
  MirrorState,
  PullRunState,
  SchemaStep,
  SearchCell,
} from '../../ipc/bindings';

export const runWords: Record<PullRunState, { word: string; tone: 'done' | 'look' | 'fail' | 'accent' | 'idle' }> = {
  running: { word: 'Running', tone: 'accent' },
  finished: { word: 'Finished', tone: 'done' },
  stopped: { word: 'Stopped', tone: 'fail' },
  cancelled: { word: 'Canceled', tone: 'idle' },
  interrupted: { word: 'Interrupted', tone: 'look' },
};

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

/** Says what a step does, or has done. */
export function stepText(step: SchemaStep, applied: boolean): string {
  const field = step.field ?? '';
  switch (step.kind) {
    case 'new_table': {
      const fields = counted(Number(step.detail), 'field');
      return applied ? `Created the table with ${fields}` : `Create the table with ${fields}`;
    }
    case 'new_field':
      return applied ? `Added ${field}` : `Add ${field}`;
    case 'field_gone':
      return `${field} is no longer in Salesforce. Its values stay.`;
    case 'field_back':
      return `${field} is available again`;
    case 'field_changed':
      return applied ? `Changed ${field}` : `Change ${field} (${step.detail})`;
  }
}
