/** How a file is read, and what happens to people who are here already: guessed, to be corrected. */
import { Checkbox, Select, TextInput } from '@mantine/core';
import { Card } from '../../components/Card';
import type { DateOrder, Existing, ImportRequest, Preview } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { dateOrders } from '../../words/dateOrders';
import classes from './ImportScreen.module.css';
import { keyOf, keyWord } from './request';

const GUESS = '';

const delimiters = [
  { value: GUESS, label: 'As found' },
  { value: ',', label: 'Comma' },
  { value: ';', label: 'Semicolon' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Vertical bar' },
];

const encodings = [
  { value: GUESS, label: 'As found' },
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'windows-1252', label: 'Western European (windows-1252)' },
  { value: 'windows-1250', label: 'Central European (windows-1250)' },
  { value: 'windows-1251', label: 'Cyrillic (windows-1251)' },
  { value: 'shift_jis', label: 'Japanese (Shift JIS)' },
  { value: 'gb18030', label: 'Chinese (GB 18030)' },
  { value: 'utf-16le', label: 'UTF-16' },
];

const dates = [{ value: GUESS, label: 'As found, column by column' }, ...dateOrders];

type Props = {
  request: ImportRequest;
  preview: Preview | null;
  onChange: (request: ImportRequest) => void;
};

export function Reading({ request, preview, onChange }: Props) {
  const custom = useAsk('custom_fields.list', {}).data ?? [];
  const set = (part: Partial<ImportRequest>) => onChange({ ...request, ...part });
  const isSheet = preview?.format === 'xlsx';
  return (
    <Card title="How it is read">
      <div className={classes.options}>
        <Select
          label="The same person is known by"
          allowDeselect={false}
          data={[
            { value: 'email', label: 'E-mail' },
            ...custom.map(({ name }) => ({ value: name, label: name })),
            { value: 'none', label: 'Nothing: every row is new' },
          ]}
          value={keyWord(request.key)}
          onChange={(word) => word && set({ key: keyOf(word) })}
        />
        <Select
          label="Who is here already"
          allowDeselect={false}
          data={[
            { value: 'update', label: 'Gets the values of the file' },
            { value: 'skip', label: 'Stays as she is' },
          ]}
          value={request.existing}
          onChange={(existing) => existing && set({ existing: existing as Existing })}
        />
        <Select
          label="Dates such as 03/04/1990"
          allowDeselect={false}
          data={dates}
          value={request.dates ?? GUESS}
          onChange={(order) => set({ dates: order ? (order as DateOrder) : null })}
        />
        {isSheet ? (
          <Select
            label="Sheet"
            allowDeselect={false}
            data={preview.sheets}
            value={request.sheet ?? preview.sheet}
            onChange={(sheet) => set({ sheet })}
          />
        ) : (
          <>
            <Select
              label="Cells are separated by"
              allowDeselect={false}
              data={delimiters}
              value={request.delimiter ?? GUESS}
              onChange={(delimiter) => set({ delimiter: delimiter || null })}
            />
            <Select
              label="Encoding"
              allowDeselect={false}
              data={encodings}
              value={request.encoding ?? GUESS}
              onChange={(encoding) => set({ encoding: encoding || null })}
            />
          </>
        )}
        <TextInput
          label="Country of states without one"
          placeholder="Two letters, such as US"
          maxLength={2}
          value={request.default_country ?? ''}
          onChange={(event) => set({ default_country: event.currentTarget.value.toUpperCase() || null })}
        />
      </div>
      <Checkbox
        label="Unknown columns become fields of your own"
        checked={request.create_custom_fields}
        onChange={(event) => set({ create_custom_fields: event.currentTarget.checked })}
      />
      <Checkbox
        label="Company names become accounts"
        checked={request.create_accounts}
        onChange={(event) => set({ create_accounts: event.currentTarget.checked })}
      />
    </Card>
  );
}
