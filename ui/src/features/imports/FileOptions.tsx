/** How a file is read, and what happens to existing contacts: detected, to be changed. */
import { Checkbox, Select } from '@mantine/core';
import { Card } from '../../components/Card';
import type { DateOrder, Existing, ImportRequest, Preview } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { dateOrders } from '../../words/dateOrders';
import classes from './ImportScreen.module.css';
import { keyOf, keyWord } from './request';

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

const dates = [{ value: DETECT, label: 'Detect automatically' }, ...dateOrders];

type Props = {
  request: ImportRequest;
  preview: Preview | null;
  onChange: (request: ImportRequest) => void;
};

export function FileOptions({ request, preview, onChange }: Props) {
  const custom = useAsk('custom_fields.list', {}).data ?? [];
  const countries = useAsk('contacts.places', {}).data ?? [];
  const set = (part: Partial<ImportRequest>) => onChange({ ...request, ...part });
  const isSheet = preview?.format === 'xlsx';
  return (
    <Card title="Import options">
      <div className={classes.options}>
        <Select
          label="Identify contacts by"
          allowDeselect={false}
          data={[
            { value: 'email', label: 'Email' },
            ...custom.map(({ name }) => ({ value: name, label: name })),
            { value: 'none', label: 'Nothing (every row is new)' },
          ]}
          value={keyWord(request.key)}
          onChange={(word) => word && set({ key: keyOf(word) })}
        />
        <Select
          label="Existing contacts"
          allowDeselect={false}
          data={[
            { value: 'update', label: 'Update with values from the file' },
            { value: 'skip', label: 'Skip' },
          ]}
          value={request.existing}
          onChange={(existing) => existing && set({ existing: existing as Existing })}
        />
        <Select
          label="Dates like 03/04/1990"
          allowDeselect={false}
          data={dates}
          value={request.dates ?? DETECT}
          onChange={(order) => set({ dates: order ? (order as DateOrder) : null })}
        />
        {isSheet ? (
          <Select
            label="Sheet"
            allowDeselect={false}
            data={preview.sheets.map(({ name, hidden }) => ({
              value: name,
              label: hidden ? `${name} (hidden)` : name,
            }))}
            value={request.sheet ?? preview.sheet}
            onChange={(sheet) => set({ sheet, header_row: null })}
          />
        ) : (
          <>
            <Select
              label="Delimiter"
              allowDeselect={false}
              data={delimiters}
              value={request.delimiter ?? DETECT}
              onChange={(delimiter) => set({ delimiter: delimiter || null })}
            />
            <Select
              label="Encoding"
              allowDeselect={false}
              data={encodings}
              value={request.encoding ?? DETECT}
              onChange={(encoding) => set({ encoding: encoding || null })}
            />
          </>
        )}
        {preview && preview.first_rows.length > 0 && (
          <Select
            label="Header row"
            allowDeselect={false}
            data={preview.first_rows.map(({ number, cells }) => ({
              value: String(number),
              label: `${number}: ${cells.join(', ')}`,
            }))}
            value={String(preview.header_row)}
            onChange={(row) => row && set({ header_row: Number(row) })}
          />
        )}
        <Select
          label="Default country"
          placeholder="None"
          searchable
          clearable
          data={countries.map(({ code, name }) => ({ value: code, label: name }))}
          value={request.default_country}
          onChange={(country) => set({ default_country: country })}
        />
      </div>
      <div className={classes.boxes}>
        <Checkbox
          label="Create custom fields for unmapped columns"
          checked={request.create_custom_fields}
          onChange={(event) => set({ create_custom_fields: event.currentTarget.checked })}
        />
        <Checkbox
          label="Create accounts from company names"
          checked={request.create_accounts}
          onChange={(event) => set({ create_accounts: event.currentTarget.checked })}
        />
      </div>
    </Card>
  );
}
