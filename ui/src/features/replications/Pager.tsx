/** Steps through the pages of a list whose pages begin where the one before ended. */
import { Button } from '@mantine/core';
import { count } from '../../components/numbers';
import classes from './Queue.module.css';

type Props = {
  label: string;
  /** Where each page but the first begins; the last of them is shown. */
  pages: readonly string[];
  onPages: (pages: readonly string[]) => void;
  /** Where the next page begins; null on the last one. */
  next: string | null;
  /** Entries of a whole page, of the page that is shown, and of all pages. */
  limit: number;
  shown: number;
  total: number;
};

export function Pager({ label, pages, onPages, next, limit, shown, total }: Props) {
  const before = pages.length * limit;
  return (
    <nav className={classes.bar} aria-label={label}>
      <span className={classes.quiet}>
        {count(before + 1)} to {count(before + shown)} of {count(total)}
      </span>
      <Button
        size="xs"
        variant="default"
        disabled={pages.length === 0}
        onClick={() => onPages(pages.slice(0, -1))}
      >
        Previous
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={next === null}
        onClick={() => next !== null && onPages([...pages, next])}
      >
        Next
      </Button>
    </nav>
  );
}
