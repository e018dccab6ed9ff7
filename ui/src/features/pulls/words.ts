/** Pulls in words. */
import { counted } from '../../components/numbers';
import type { InboundRule, PullRunState, SchemaStep, WantedObject } from '../../ipc/bindings';

export const runWords: Record<
  PullRunState,
  { word: string; tone: 'done' | 'look' | 'fail' | 'accent' | 'idle' }
> = {
  running: { word: 'Running', tone: 'accent' },
  finished: { word: 'Finished', tone: 'done' },
  stopped: { word: 'Stopped', tone: 'fail' },
  cancelled: { word: 'Canceled', tone: 'idle' },
  interrupted: { word: 'Interrupted', tone: 'look' },
};

/** When a Salesforce value comes into a contact. */
export const ruleWords: Record<InboundRule, string> = {
  if_empty: 'Fill if empty',
  newest: 'Newest wins',
  salesforce: 'Salesforce wins',
  ask: 'Ask me',
  never: 'Never',
};

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

/** Says which fields and records of an object are read. */
export function readWords({ fields, filter }: WantedObject): string {
  const is = (name: string) => fields?.length === 1 && fields[0]?.toLowerCase() === name;
  const read =
    !fields || is('usual') ? 'Usual fields' : is('all') ? 'All fields' : counted(fields.length, 'field');
  const conditions = filter?.criteria.length ?? 0;
  return conditions === 0 ? `${read}, all records` : `${read}, ${counted(conditions, 'condition')}`;
}
