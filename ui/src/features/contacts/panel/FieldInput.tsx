/** The input for a field in its place: kept on Enter and on leaving it, left as it was on Escape. */
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import type { ContactFieldInfo } from '../../../ipc/bindings';
import { ValueInput } from './ValueInput';

type Props = {
  field: ContactFieldInfo;
  was: string;
  /** What can be chosen, of countries and states; anything else may be typed. */
  choices: readonly string[] | null;
  error: ReactNode;
  onSave: (text: string) => void;
  onCancel: () => void;
};

export function FieldInput({ field, was, choices, error, onSave, onCancel }: Props) {
  const [typed, setTyped] = useState(was);
  const isLeft = useRef(false);
  const save = (text: string) => {
    if (isLeft.current) return;
    if (text.trim() === was.trim()) cancel();
    else onSave(text.trim());
  };
  const cancel = () => {
    isLeft.current = true;
    onCancel();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'Escape') {
      // Only the field is given up, not the panel around it.
      event.preventDefault();
      event.stopPropagation();
      cancel();
    }
    const isChoosing = event.currentTarget.getAttribute('aria-activedescendant') !== null;
    const isNewLine = field.kind === 'long_text' && !event.ctrlKey && !event.metaKey;
    if (event.key === 'Enter' && !isChoosing && !isNewLine) {
      event.preventDefault();
      save(typed);
    }
  };
  return (
    <ValueInput
      field={field}
      choices={choices}
      aria-label={field.label}
      autoFocus
      size="xs"
      error={error}
      value={typed}
      onChange={setTyped}
      onChoose={save}
      onBlur={() => save(typed)}
      onKeyDown={onKeyDown}
    />
  );
}
