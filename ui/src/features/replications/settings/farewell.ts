/** What a record gets when its contact is deleted here: a text and its field, kept as a row of a mapping. */

export type Farewell = { text: string; field: string };

const ROW = /^"((?:[^"\\]|\\.)*)"=([A-Za-z]\w*)$/;

/** Reads a row; null where it says more than a text and a field. */
export function readFarewell(row: string): Farewell | null {
  if (row.trim() === '') return { text: '', field: '' };
  const [, text, field] = ROW.exec(row.trim()) ?? [];
  if (text === undefined || field === undefined) return null;
  return { text: text.replace(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter)), field };
}

/** Writes the row; an empty one sends nothing. */
export function farewellRow({ text, field }: Farewell): string {
  if (field.trim() === '') return '';
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n');
  return `"${escaped}"=${field.trim()}`;
}
