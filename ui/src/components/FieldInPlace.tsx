/** A field that is changed where it stands: kept on Enter and on leaving it, left as it was on Escape. */
import { TextInput } from '@mantine/core';
import { useState } from 'react';

type Props = { label: string; was: string; onSave: (text: string) => void };

export function FieldInPlace({ label, was, onSave }: Props) {
  const [typed, setTyped] = useState(was);
  const save = () => {
    if (typed !== was) onSave(typed);
  };
  return (
    <TextInput
      label={label}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save();
        if (event.key === 'Escape' && typed !== was) {
          // Only the field is given up, not the panel around it.
          event.preventDefault();
          event.stopPropagation();
          setTyped(was);
        }
      }}
    />
  );
}
