/** The end of a dialog's form: leaving it, and the button that does what it is for. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './DialogButtons.module.css';

type Props = {
  /** What the button does, as a verb and its object. */
  children: ReactNode;
  onCancel: () => void;
  busy?: boolean;
  disabled?: boolean;
  /** It destroys something. */
  destroys?: boolean;
};

export function DialogButtons({ children, onCancel, busy, disabled, destroys }: Props) {
  return (
    <div className={classes.buttons}>
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button type="submit" color={destroys ? 'red' : undefined} loading={busy} disabled={disabled}>
        {children}
      </Button>
    </div>
  );
}
