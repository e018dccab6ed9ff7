/** The value of a condition, by the kind of its field. */
import { MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { DateField } from '../components/DateField';
import { NumberField } from '../components/NumberField';
import type { Criterion, SearchField } from '../ipc/bindings';
import classes from './Criteria.module.css';
import { valueForm } from './criteria';

type Props = {
  field: SearchField;
  row: Criterion;
  /** What it is, for those who do not see it. */
  label: string;
  onChange: (values: string[]) => void;
};

export function ValueInput({ field, row, label, onChange }: Props) {
  const form = valueForm(row.operator);
  if (form === 'none') return null;
  if (form === 'many') return <Many field={field} row={row} label={label} onChange={onChange} />;
  if (field.form === 'yes_no') {
    return (
      <Select
        aria-label={label}
        data={[
          { value: 'yes', label: 'Yes' },
          { value: 'no', label: 'No' },
        ]}
        allowDeselect={false}
        value={row.values[0] ?? 'yes'}
        onChange={(value) => onChange([value ?? 'yes'])}
      />
    );
  }
  const one = (at: number, name: string) => (
    <One
      field={form === 'days' ? { ...field, form: 'number' } : field}
      label={name}
      value={row.values[at] ?? ''}
      onChange={(value) => {
        const values = form === 'two' ? [row.values[0] ?? '', row.values[1] ?? ''] : [''];
        values[at] = value;
        onChange(values);
      }}
    />
  );
  if (form !== 'two') return one(0, label);
  return (
    <span className={classes.two}>
      {one(0, `${label}, from`)} and {one(1, `${label}, to`)}
    </span>
  );
}

function Many({ field, row, label, onChange }: Props) {
  const data = field.choices.map(({ value, label }) => ({ value, label }));
  if (data.length === 0) {
    return (
      <TagsInput
        aria-label={label}
        placeholder="Type a value and press Enter"
        value={row.values}
        onChange={onChange}
      />
    );
  }
  return (
    <MultiSelect
      aria-label={label}
      data={data}
      searchable
      value={row.values}
      onChange={onChange}
      placeholder={row.values.length === 0 ? 'Choose' : undefined}
    />
  );
}

type OneProps = { field: SearchField; label: string; value: string; onChange: (value: string) => void };

function One({ field, label, value, onChange }: OneProps) {
  if (field.form === 'number') {
    return <NumberField aria-label={label} value={value} onChange={(number) => onChange(String(number))} />;
  }
  if (field.form === 'date' || field.form === 'date_time') {
    return <DateField aria-label={label} value={value} onChange={onChange} />;
  }
  return (
    <TextInput aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}
