/** A form of labels at the left and controls at the right. */
import type { ReactNode } from 'react';
import classes from './Replications.module.css';

export function Lines({ children }: { children: ReactNode }) {
  return <div className={classes.form}>{children}</div>;
}

type Props = { label: string; help?: ReactNode; children: ReactNode };

export function Line({ label, help, children }: Props) {
  return (
    <>
      <div>
        <span className={classes.label}>{label}</span>
        {help && <p className={classes.help}>{help}</p>}
      </div>
      <div className={classes.control}>{children}</div>
    </>
  );
}
