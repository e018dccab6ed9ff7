/** What a custom field can hold, in words; the usual first. */
export const kindWords = {
  text: 'Text',
  long_text: 'Long text',
  integer: 'Whole number',
  long_integer: 'Large whole number',
  decimal: 'Decimal number',
  float: 'Floating-point number',
  yes_no: 'Yes or no',
  date: 'Date',
  date_time: 'Date and time',
} as const;

export type Kind = keyof typeof kindWords;

/** Returns the type of a field in words, a decimal's with its digits. */
export function kindOf({ kind, scale }: { kind: string; scale?: number | null }): string {
  const words = kindWords[kind as Kind] ?? kind;
  return typeof scale === 'number' ? `${words}, ${scale} decimal ${scale === 1 ? 'place' : 'places'}` : words;
}
