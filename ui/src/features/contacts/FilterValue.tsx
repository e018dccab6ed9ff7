/** What a filter compares a field with: a number, a date, a country or state, or a text. */
import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { DateField } from '../../components/DateField';
import { NumberField } from '../../components/NumberField';
import type { ContactFieldInfo, Operator } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { isNumber } from '../../words/conditions';
import { isPlace } from './panel/FieldRow';

type Props = {
  field: ContactFieldInfo;
  operator: Operator;
  value: string | number;
  onChange: (value: string | number) => void;
};

export function FilterValue({ field, operator, value, onChange }: Props) {
  const { kind, name } = field;
  if (isNumber(kind)) return <NumberField label="Value" value={value} onChange={onChange} />;
  if (kind === 'date' || kind === 'date_time') {
    return <DateField label="Date" value={String(value)} onChange={onChange} />;
  }
  if (isPlace(field) && (operator === 'equals' || operator === 'not_equals')) {
    return name === 'country' ? (
      <Place label="Country" value={String(value)} onChange={onChange} />
    ) : (
      <State value={String(value)} onChange={onChange} />
    );
  }
  return (
    <TextInput
      label="Value"
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

type PlaceProps = { value: string; onChange: (code: string) => void };

/** A country, or a state of one; contacts hold codes. */
function Place({ label, country, value, onChange }: PlaceProps & { label: string; country?: string }) {
  const places = useAsk('contacts.places', country ? { country } : {}).data ?? [];
  return (
    <Select
      label={label}
      searchable
      data={places.map(({ code, name }) => ({ value: code, label: name }))}
      value={value || null}
      onChange={(code) => onChange(code ?? '')}
    />
  );
}

function State({ value, onChange }: PlaceProps) {
  const [country, setCountry] = useState(value.slice(0, 2));
  return (
    <>
      <Place
        label="Country"
        value={country}
        onChange={(code) => {
          setCountry(code);
          onChange('');
        }}
      />
      {country !== '' && <Place label="State" country={country} value={value} onChange={onChange} />}
    </>
  );
}
