/** The end of a dialog's form: leaving it, and the button that does what it is for. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './DialogButtons.module.css';
import { disabledFor } from './disabled';

type Props = {
  /** What the button does, as a verb and its object. */
  children: ReactNode;
  onCancel: () => void;
  /** What leaving it is called, once something was done. */
  leave?: string;
  busy?: boolean;
  /** Why it can't be done yet, where that isn't plain from the fields above. */
  disabled?: boolean | string;
  /** It destroys something. */
  destroys?: boolean;
};

export function DialogButtons({ children, onCancel, leave = 'Cancel', busy, disabled, destroys }: Props) {
  return (
    <div className={classes.buttons}>
      <Button variant="default" onClick={onCancel}>
        {leave}
      </Button>
      <Button
        type="submit"
        color={destroys ? 'red' : undefined}
        loading={busy}
        {...(typeof disabled === 'string' ? disabledFor(disabled) : { disabled })}
      >
        {children}
      </Button>
    </div>
  );
}
