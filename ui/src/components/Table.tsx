/** A plain table of rows; long lists take a virtual one instead. */
import type { ReactNode } from 'react';
import classes from './Table.module.css';

export type Head = { name: string; number?: boolean; hidden?: boolean };

type Props = {
  label: string;
  heads: readonly Head[];
  children: ReactNode;
};

export function Table({ label, heads, children }: Props) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head.name} scope="col" className={head.number ? classes.number : undefined}>
                {head.hidden ? <span className="visually-hidden">{head.name}</span> : head.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A cell with a number. */
export function NumberCell({ children }: { children: ReactNode }) {
  return <td className={`${classes.number} num`}>{children}</td>;
}
