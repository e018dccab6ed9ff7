/** Grey bars of the height that the rows will have. They appear only when loading takes noticeably long. */
import { useEffect, useState } from 'react';
import classes from './Rows.module.css';

type Props = { count?: number; height?: 'row' | 'row-2' };

const NOTICEABLE_MS = 150;

export function Rows({ count = 8, height = 'row' }: Props) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), NOTICEABLE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label="Loading" data-testid="loading">
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move.
        <div key={at} className={classes.row} style={{ height: `var(--lf-${height})` }}>
          {late && <div className={classes.bar} style={{ width: `${40 + ((at * 17) % 45)}%` }} />}
        </div>
      ))}
    </div>
  );
}
