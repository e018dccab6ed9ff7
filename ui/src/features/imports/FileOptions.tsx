/** How a file is read, and what happens to existing contacts: detected, to be changed. */
import { Checkbox, Select } from '@mantine/core';
import { Card } from '../../components/Card';
import { FileReading } from '../../components/FileReading';
import type { DateOrder, DecimalSign, Existing, ImportRequest, Preview } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { dateOrders } from '../../words/dateOrders';
import classes from './ImportScreen.module.css';
import { keyOf, keyWord } from './request';

const DETECT = '';

const dates = [{ value: DETECT, label: 'Detect automatically' }, ...dateOrders];

const decimals = [
  { value: DETECT, label: 'Detect automatically' },
  { value: 'point', label: 'Point before decimals (1.5)' },
  { value: 'comma', label: 'Comma before decimals (1,5)' },
];

type Props = {
  request: ImportRequest;
  preview: Preview | null;
  onChange: (request: ImportRequest) => void;
};

export function FileOptions({ request, preview, onChange }: Props) {
  const custom = useAsk('custom_fields.list', {}).data ?? [];
  const connections = useAsk('connections.list', {}).data ?? [];
  const countries = useAsk('contacts.places', {}).data ?? [];
  const set = (part: Partial<ImportRequest>) => onChange({ ...request, ...part });
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
        <Select
          label="Numbers like 1.234"
          allowDeselect={false}
          data={decimals}
          value={request.decimal ?? DETECT}
          onChange={(sign) => set({ decimal: sign ? (sign as DecimalSign) : null })}
        />
        <FileReading
          reading={request}
          found={preview}
          // Read otherwise, a file has other columns.
          onChange={(part) => set({ ...part, map: [] })}
        />
        {preview?.columns.some((column) => column.record_ids) && (
          <Select
            label="Link to Salesforce records in"
            placeholder="Don't link"
            clearable
            data={connections.map(({ name }) => name)}
            value={request.link}
            onChange={(link) => set({ link })}
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
          label="Decode HTML codes such as &amp;amp;"
          checked={!request.keep_html}
          onChange={(event) => set({ keep_html: !event.currentTarget.checked })}
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
