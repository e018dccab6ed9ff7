/** The fields that a template can hold, as chips that insert them. */
import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { TemplateName } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Dialogs.module.css';

type Props = { name: string; sample: string | null; onInsert: (section: string) => void };

export function FieldChips({ name, sample, onInsert }: Props) {
  const names = useAsk('mappings.template_names', { name, ...(sample ? { sample } : {}) });
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ source, section }: TemplateName) =>
    words.every((word) => `${source.label} ${source.detail ?? ''} ${section}`.toLowerCase().includes(word));
  const found = (names.data ?? []).filter(fits);
  return (
    <div>
      <TextInput
        size="xs"
        aria-label="Search fields to insert"
        placeholder="Search fields to insert"
        leftSection={<IconSearch size={14} stroke={1.75} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key !== 'Enter' || !first) return;
          // The dialog is not saved by it.
          event.preventDefault();
          onInsert(first.section);
          setSearch('');
        }}
      />
      <div className={classes.names} role="group" aria-label="Insert field">
        {found.map(({ section, source, sample: value }) => (
          <button
            key={section}
            type="button"
            className={classes.name}
            aria-label={`Insert ${source.label}${source.detail ? ` ${source.detail}` : ''}`}
            onClick={() => onInsert(section)}
          >
            {source.label}
            {(source.detail || value) && (
              <span className={classes.quiet}>{[source.detail, value].filter(Boolean).join(', ')}</span>
            )}
          </button>
        ))}
        {names.data && found.length === 0 && <span className={classes.quiet}>No results</span>}
      </div>
    </div>
  );
}
