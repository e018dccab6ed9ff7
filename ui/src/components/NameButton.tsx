/** The name in a row of a table, as the button that opens it; the table opens it from the whole row. */
import type { ReactNode } from 'react';
import classes from './NameButton.module.css';

type Props = {
  onOpen: () => void;
  /** Whether what it opens is open, where it stands below the table. */
  expanded?: boolean;
  children: ReactNode;
};

export function NameButton({ onOpen, expanded, children }: Props) {
  return (
    <button type="button" data-opens aria-expanded={expanded} className={classes.name} onClick={onOpen}>
      {children}
    </button>
  );
}
