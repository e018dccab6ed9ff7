/** Takes the value of a field, by what the field holds; the host reads what is typed in the forms of here. */
import { Autocomplete, type InputWrapperProps, Textarea, TextInput } from '@mantine/core';
import type { FocusEventHandler, KeyboardEventHandler } from 'react';
import { dateForm } from '../../../components/written';
import type { ContactFieldInfo } from '../../../ipc/bindings';
import { isNumber } from '../../../words/conditions';

type Props = Pick<InputWrapperProps, 'label' | 'description' | 'error' | 'size'> & {
  field: ContactFieldInfo;
  /** What can be chosen, of countries and states; anything else may be typed. */
  choices: readonly string[] | null;
  value: string;
  onChange: (text: string) => void;
  /** An entry was chosen from the list. */
  onChoose?: (text: string) => void;
  autoFocus?: boolean;
  'aria-label'?: string;
  onBlur?: FocusEventHandler<HTMLElement>;
  onKeyDown?: KeyboardEventHandler<HTMLElement>;
};

export function ValueInput({ field, choices, onChange, onChoose, ...common }: Props) {
  if (choices) {
    return (
      <Autocomplete
        {...common}
        data={[...choices]}
        limit={60}
        onChange={onChange}
        onOptionSubmit={onChoose}
        comboboxProps={{ withinPortal: true }}
      />
    );
  }
  if (field.kind === 'long_text') {
    return (
      <Textarea {...common} autosize minRows={2} onChange={(event) => onChange(event.currentTarget.value)} />
    );
  }
  return (
    <TextInput
      {...common}
      inputMode={isNumber(field.kind) ? 'decimal' : undefined}
      placeholder={placeholder(field.kind)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function placeholder(kind: string): string | undefined {
  if (kind === 'date') return dateForm();
  if (kind === 'date_time') return `${dateForm()} HH:MM`;
  return undefined;
}
