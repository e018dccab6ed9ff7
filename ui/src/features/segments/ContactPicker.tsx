/** Finds a contact by typing a name, an email, a phone number or a city. */
import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import type { ContactRow } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Segments.module.css';

const SHOWN = 8;
const DELAY_MS = 120;

export type Picked = { guid: string; name: string };

type Props = {
  label: string;
  placeholder: string;
  /** Who is picked; nobody where each pick stands for itself. */
  picked?: Picked | null;
  onPick: (picked: Picked) => void;
};

export function ContactPicker({ label, placeholder, picked = null, onPick }: Props) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), DELAY_MS);
  const isOpenSearch = text !== '' && text !== picked?.name;
  const page = useAsk(
    'contacts.page',
    {
      filter: isOpenSearch ? { text } : {},
      sort: { column: 'name', descending: false },
      columns: ['email', 'company_name'],
      from: 0,
      limit: SHOWN,
    },
    { keep: true },
  );
  const rows = page.data?.rows ?? [];
  const options = rows.map(({ guid, name }) => ({ value: guid, label: name || 'No name' }));
  const known = picked && !options.some(({ value }) => value === picked.guid);
  return (
    <Select
      aria-label={label}
      placeholder={placeholder}
      searchable
      nothingFoundMessage="No matching contacts"
      filter={({ options: all }) => all}
      data={known ? [{ value: picked.guid, label: picked.name }, ...options] : options}
      renderOption={({ option }) => (
        <span className={classes.option}>
          {option.label}
          <span className={classes.quiet}>{besides(rows.find(({ guid }) => guid === option.value))}</span>
        </span>
      )}
      value={picked?.guid ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      onOptionSubmit={(guid) => {
        const name = options.find(({ value }) => value === guid)?.label;
        if (name !== undefined) onPick({ guid, name });
        if (!picked) setTyped('');
      }}
    />
  );
}

function besides(row: ContactRow | undefined): string {
  const texts = row?.cells.filter((cell) => typeof cell === 'string' && cell !== row.name) ?? [];
  return texts.join(', ');
}
