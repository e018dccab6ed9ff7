/** A field for a number, typed as people write it where they live; what is no number is said at the field. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { readNumber, writtenNumber } from './locale';
import { count } from './numbers';

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'type'> & {
  /** The number; an empty text while there is none. */
  value: number | string;
  /** Gets the number, or an empty text where the field is emptied. What is no number is not told. */
  onChange: (value: number | '') => void;
  /** Tells an empty text while no such number stands here: what was read on the way is nobody's wish. */
  emptyWhileWrong?: boolean;
  /** Without a fraction. */
  whole?: boolean;
  min?: number;
  max?: number;
};

export function NumberField({
  value,
  onChange,
  emptyWhileWrong = false,
  whole = false,
  min,
  max,
  ...rest
}: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => written(value));
  const typed = text.trim() === '' ? '' : readNumber(text);
  const error = typed === '' ? null : fault(typed, { whole, min, max });
  // Another value from outside takes the place of what stands here, but never while somebody types.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(written(value));
  }, [value]);
  useEffect(() => input.current?.setCustomValidity(error ?? ''), [error]);
  const put = (text: string) => {
    setText(text);
    const number = text.trim() === '' ? '' : readNumber(text);
    if (number === '') onChange('');
    else if (number !== null && !fault(number, { whole, min, max })) onChange(number);
    else if (emptyWhileWrong) onChange('');
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by || typeof typed !== 'number') return;
    event.preventDefault();
    const next = typed + by;
    if (!fault(next, { whole, min, max })) put(writtenNumber(next));
  };
  return (
    <TextInput
      {...rest}
      ref={input}
      inputMode={whole ? 'numeric' : 'decimal'}
      value={text}
      error={error ?? rest.error}
      onChange={(event) => put(event.currentTarget.value)}
      onKeyDown={step}
      onBlur={() => !error && setText(written(value))}
    />
  );
}

function written(value: number | string): string {
  return typeof value === 'number' ? writtenNumber(value) : value;
}

type Bounds = { whole: boolean; min?: number | undefined; max?: number | undefined };

function fault(number: number | null, { whole, min, max }: Bounds): string | null {
  if (number === null) return `Enter a number, such as ${whole ? count(12) : writtenNumber(12.5)}.`;
  if (whole && !Number.isInteger(number)) return 'Enter a whole number.';
  if (min !== undefined && number < min) return `Enter ${count(min)} or more.`;
  if (max !== undefined && number > max) return `Enter ${count(max)} or less.`;
  return null;
}
