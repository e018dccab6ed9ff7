/** What an import is asked: how a file is read, and what becomes of its columns. */
import type { ImportRequest, ImportTarget } from '../../ipc/bindings';

/** A column that goes nowhere, as a request writes it. */
export const NOWHERE = '-';

export function plain(file: string): ImportRequest {
  return {
    file,
    map: [],
    key: 'email',
    existing: 'update',
    create_custom_fields: false,
    create_accounts: true,
    encoding: null,
    delimiter: null,
    sheet: null,
    dates: null,
    default_country: null,
    time_zone: null,
    errors_file: null,
    again: false,
  };
}

/** Returns the request with a column sent to a field, or nowhere. */
export function sent(request: ImportRequest, column: string, field: string): ImportRequest {
  const others = request.map.filter(([name]) => name !== column);
  return { ...request, map: [...others, [column, field]] };
}

/** Returns where a column can go, in groups. */
export function choices(targets: readonly ImportTarget[], column: string) {
  const of = (group: ImportTarget['group']) =>
    targets.filter((target) => target.group === group).map(({ field, label }) => ({ value: field, label }));
  const own = { value: `custom:${column}`, label: `New field: ${column}` };
  const custom = of('custom');
  const isKnown = custom.some(({ value }) => value.toLowerCase() === own.value.toLowerCase());
  return [
    { value: NOWHERE, label: 'Leave out' },
    { group: 'Contact', items: of('contact') },
    { group: 'Your own fields', items: isKnown ? custom : [...custom, own] },
    { group: 'Account', items: of('account') },
  ];
}

/** What makes a row and a contact the same person, as one word. */
export function keyWord(key: ImportRequest['key']): string {
  return typeof key === 'object' ? key.custom : key;
}

export function keyOf(word: string): ImportRequest['key'] {
  return word === 'email' || word === 'none' ? word : { custom: word };
}
