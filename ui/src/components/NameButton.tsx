/** The name in a row of a table, as the button that opens it; the table opens it from the whole row. */
import type { ReactNode } from 'react';
import classes from './NameButton.module.css';

export function NameButton({ onOpen, children }: { onOpen: () => void; children: ReactNode }) {
  return (
    <button type="button" data-opens className={classes.name} onClick={onOpen}>
      {children}
    </button>
  );
}
