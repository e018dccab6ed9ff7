/** Chooses which of the org's fields are shown. */
import { MultiSelect } from '@mantine/core';
import type { SearchFields } from '../../ipc/bindings';

type Props = { fields: SearchFields; chosen: readonly string[]; onChange: (columns: string[]) => void };

export function ColumnChooser({ fields, chosen, onChange }: Props) {
  return (
    <MultiSelect
      label="Columns"
      searchable
      hidePickedOptions
      maxValues={50}
      data={fields.fields.map(({ name, label }) => ({ value: name, label: `${label} (${name})` }))}
      value={[...chosen]}
      onChange={onChange}
      renderOption={({ option }) => option.label}
    />
  );
}
