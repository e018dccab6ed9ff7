/** Which columns the list shows, in which order they were chosen. */
import { Button, Checkbox, Popover, TextInput } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './ContactsScreen.module.css';
import { type Column, MOST, USUAL } from './columns';

type Props = { all: readonly Column[]; chosen: readonly string[]; onChange: (chosen: string[]) => void };

export function ColumnMenu({ all, chosen, onChange }: Props) {
  const [typed, setTyped] = useState('');
  const found = all.filter(({ label }) => label.toLowerCase().includes(typed.trim().toLowerCase()));
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return (
    <Popover position="bottom-end" width={260} trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconColumns size={14} stroke={1.75} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Columns">
        <TextInput
          aria-label="Search columns"
          placeholder="Search columns"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className={classes.columnList} data-listed>
          {found.map(({ name, label }) => (
            <Checkbox
              key={name}
              label={label}
              checked={chosen.includes(name)}
              disabled={!chosen.includes(name) && chosen.length >= MOST}
              onChange={() => toggle(name)}
            />
          ))}
        </div>
        {chosen.length >= MOST && (
          <p className={classes.quiet}>You can show up to {MOST} columns. Clear one to choose another.</p>
        )}
        <Button size="xs" variant="subtle" onClick={() => onChange(USUAL)}>
          Reset
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
