/** What a list is when nothing is in it: what it is for, and one button. */
import type { ReactNode } from 'react';
import classes from './Empty.module.css';

type Props = { title: string; children?: ReactNode; action?: ReactNode };

export function Empty({ title, children, action }: Props) {
  return (
    <div className={classes.empty}>
      <h2 className={classes.title}>{title}</h2>
      {children && <p className={classes.text}>{children}</p>}
      {action}
    </div>
  );
}
