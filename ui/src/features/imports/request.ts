/** The request of an import: how a file is read, and what its columns map to. */
import type { ImportRequest, ImportTarget } from '../../ipc/bindings';

/** What a column maps to that is not imported. */
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
    header_row: null,
    dates: null,
    decimal: null,
    keep_html: false,
    link: null,
    default_country: null,
    time_zone: null,
    errors_file: null,
    again: false,
  };
}

/** Returns the request with a column mapped to a field, or not imported. */
export function sent(request: ImportRequest, column: string, field: string): ImportRequest {
  const others = request.map.filter(([name]) => name !== column);
  return { ...request, map: [...others, [column, field]] };
}

/** Returns what a column can map to, in groups. */
export function choices(targets: readonly ImportTarget[], column: string) {
  const of = (group: ImportTarget['group']) =>
    targets.filter((target) => target.group === group).map(({ field, label }) => ({ value: field, label }));
  const own = { value: `custom:${column}`, label: `New custom field: ${column}` };
  const custom = of('custom');
  const isKnown = custom.some(({ value }) => value.toLowerCase() === own.value.toLowerCase());
  const answers = of('consent');
  return [
    { value: NOWHERE, label: 'Don’t import' },
    { group: 'Contact', items: of('contact') },
    { group: 'Custom fields', items: isKnown ? custom : [...custom, own] },
    { group: 'Account', items: of('account') },
    ...(answers.length > 0 ? [{ group: 'Consent', items: answers }] : []),
  ];
}

/** Returns what identifies contacts, as one word. */
export function keyWord(key: ImportRequest['key']): string {
  return typeof key === 'object' ? key.custom : key;
}

export function keyOf(word: string): ImportRequest['key'] {
  return word === 'email' || word === 'none' ? word : { custom: word };
}
