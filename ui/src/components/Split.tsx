/** A list that fills the screen, with one of its things beside it. */
import type { ReactNode } from 'react';
import classes from './Split.module.css';

type Props = { children: ReactNode /** The panel, where one is open. */; panel: ReactNode };

export function Split({ children, panel }: Props) {
  return (
    <div className={classes.split}>
      <div className={classes.main}>{children}</div>
      {panel}
    </div>
  );
}
