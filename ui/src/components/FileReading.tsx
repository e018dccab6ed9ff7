/** How a table is read from a file: its sheet, or its delimiter and encoding, and the row with the column names. */
import { Select } from '@mantine/core';
import { useState } from 'react';

const DETECT = '';

const delimiters = [
  { value: DETECT, label: 'Detect automatically' },
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Vertical bar' },
];

const encodings = [
  { value: DETECT, label: 'Detect automatically' },
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Western European (windows-1252)' },
  { value: 'macintosh', label: 'Western European (Mac)' },
  { value: 'cp850', label: 'Western European (MS-DOS)' },
  { value: 'windows-1250', label: 'Central European (windows-1250)' },
  { value: 'windows-1251', label: 'Cyrillic (windows-1251)' },
  { value: 'shift_jis', label: 'Japanese (Shift JIS)' },
  { value: 'gb18030', label: 'Chinese (GB 18030)' },
  { value: 'utf-16le', label: 'UTF-16' },
];

/** What a request says of it; null is found out. */
type Reading = {
  sheet: string | null;
  header_row: number | null;
  delimiter: string | null;
  encoding: string | null;
};

/** What was found. */
type Found = {
  format: string;
  sheet: string | null;
  sheets: { name: string; hidden: boolean }[];
  header_row: number;
  first_rows: { number: number; cells: string[] }[];
};

type Props = {
  reading: Reading;
  found: Found | null;
  onChange: (part: Partial<Reading>) => void;
};

export function FileReading({ reading, found, onChange }: Props) {
  return (
    <>
      {found?.format === 'xlsx' ? (
        <Select
          label="Sheet"
          allowDeselect={false}
          data={found.sheets.map(({ name, hidden }) => ({
            value: name,
            label: hidden ? `${name} (hidden)` : name,
          }))}
          value={reading.sheet ?? found.sheet}
          onChange={(sheet) => onChange({ sheet, header_row: null })}
        />
      ) : (
        <>
          <Select
            label="Delimiter"
            allowDeselect={false}
            data={delimiters}
            value={reading.delimiter ?? DETECT}
            onChange={(delimiter) => onChange({ delimiter: delimiter || null })}
          />
          <Select
            label="Encoding"
            allowDeselect={false}
            data={encodings}
            value={reading.encoding ?? DETECT}
            onChange={(encoding) => onChange({ encoding: encoding || null })}
          />
        </>
      )}
      {found && found.first_rows.length > 0 && (
        <HeaderRow found={found} onChange={(header_row) => onChange({ header_row })} />
      )}
    </>
  );
}

/** Offers the first rows, and any other one by its number. */
function HeaderRow({ found, onChange }: { found: Found; onChange: (row: number) => void }) {
  const [typed, setTyped] = useState('');
  const rows = found.first_rows.map(({ number, cells }) => ({
    value: String(number),
    label: `${number}: ${cells.join(', ')}`,
  }));
  const isOther = /^[1-9]\d{0,6}$/.test(typed) && !rows.some(({ value }) => value === typed);
  return (
    <Select
      label="Header row"
      description="Type the number of a row further down."
      allowDeselect={false}
      searchable
      data={isOther ? [...rows, { value: typed, label: `Row ${typed}` }] : rows}
      filter={({ options, search }) => {
        const number = search.trim();
        return options.filter((option) => !('value' in option) || matches(option, number));
      }}
      nothingFoundMessage="No row has this number"
      value={String(found.header_row)}
      onSearchChange={(search) => setTyped(search.trim())}
      onChange={(row) => row && onChange(Number(row))}
    />
  );
}

function matches({ value, label }: { value: string; label: string }, search: string): boolean {
  return /^\d+$/.test(search) ? value.startsWith(search) : label.toLowerCase().includes(search.toLowerCase());
}
