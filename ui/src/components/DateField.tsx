/** A field for a date, typed as people write it where they live; what is no date is said at the field. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { dateForm, readDate, typedDate } from './written';

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'type'> & {
  /** The date, such as *2026-01-31*; an empty text while there is none. */
  value: string;
  /** Gets the date, or an empty text where the field is emptied. What is no date is not told. */
  onChange: (value: string) => void;
  /** Tells an empty text while no date stands here: what was read on the way is nobody's wish. */
  emptyWhileWrong?: boolean;
};

export function DateField({ value, onChange, emptyWhileWrong = false, ...rest }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(() => written(value));
  const [isLeft, setIsLeft] = useState(true);
  const typed = text.trim() === '' ? '' : readDate(text);
  const error = typed === null ? `Enter a date, such as ${typedDate('2026-01-31')}.` : null;
  // Another value from outside takes the place of what stands here, but never while somebody types.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(written(value));
  }, [value]);
  useEffect(() => input.current?.setCustomValidity(error ?? ''), [error]);
  const put = (text: string) => {
    setText(text);
    const date = text.trim() === '' ? '' : readDate(text);
    const told = date ?? (emptyWhileWrong ? '' : value);
    if (told !== value) onChange(told);
  };
  return (
    <TextInput
      placeholder={dateForm()}
      {...rest}
      ref={input}
      value={text}
      // A date is wrong until its last digit: nothing is said while it is typed.
      error={(isLeft && error) || rest.error}
      onFocus={() => setIsLeft(false)}
      onChange={(event) => put(event.currentTarget.value)}
      onBlur={(event) => {
        setIsLeft(true);
        if (!error) setText(written(typed ?? ''));
        rest.onBlur?.(event);
      }}
    />
  );
}

function written(date: string): string {
  return date === '' ? '' : typedDate(date);
}
