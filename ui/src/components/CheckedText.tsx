/** A field for a text that must have a certain form: a form isn't sent while it has another. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

type Props = TextInputProps & {
  /** What to enter instead of what stands here; `null` where that is right. */
  wrong: string | null;
};

export function CheckedText({ wrong, ...rest }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [isLeft, setIsLeft] = useState(false);
  useEffect(() => input.current?.setCustomValidity(wrong ?? ''), [wrong]);
  return (
    <TextInput
      {...rest}
      ref={input}
      // A text is wrong until its last letter: nothing is said while it is typed for the first time.
      error={(isLeft && wrong) || rest.error}
      onBlur={(event) => {
        setIsLeft(true);
        rest.onBlur?.(event);
      }}
    />
  );
}
