/** A plain table of rows; long lists take a virtual one instead. */
import type { ReactNode } from 'react';
import classes from './Table.module.css';

export type Head = {
  name: string;
  number?: boolean;
  hidden?: boolean;
  /** Stands in place of the name, such as a button that sorts. */
  content?: ReactNode;
  sorted?: 'ascending' | 'descending';
};

type Props = {
  label: string;
  heads: readonly Head[];
  /** Rows stay one line high; what is longer is cut off. */
  dense?: boolean;
  children: ReactNode;
};

export function Table({ label, heads, dense, children }: Props) {
  return (
    <div className={classes.frame}>
      <table className={dense ? `${classes.table} ${classes.dense}` : classes.table} aria-label={label}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th
                key={head.name}
                scope="col"
                aria-sort={head.sorted}
                className={head.number ? classes.number : undefined}
              >
                {head.content ??
                  (head.hidden ? <span className="visually-hidden">{head.name}</span> : head.name)}
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
