/** The heads of the list's columns: pressed, they sort. */
import { Checkbox } from '@mantine/core';
import type { ContactsSort } from '../../ipc/bindings';
import classes from './ContactsScreen.module.css';
import { type Column, isSpare } from './columns';
import type { Selection } from './useSelection';

type Props = {
  columns: readonly Column[];
  sort: ContactsSort;
  onSort: (column: string) => void;
  selection: Selection;
};

/** The column that is always there. */
const NAME: Column = { name: 'name', label: 'Name', kind: 'text', isNumber: false };

export function ListHead({ columns, sort, onSort, selection }: Props) {
  const some = selection.count > 0;
  return (
    <div role="row" aria-rowindex={1} className={`${classes.row} ${classes.heads}`}>
      <span role="columnheader" className={classes.tick}>
        <Checkbox
          size="xs"
          aria-label={some ? 'Clear selection' : 'Select all'}
          checked={selection.isAll}
          indeterminate={some && !selection.isAll}
          onChange={some ? selection.clear : selection.addAll}
        />
      </span>
      {[NAME, ...columns].map((column) => {
        const { name, label, isNumber } = column;
        return (
          <span
            key={name}
            role="columnheader"
            data-spare={isSpare(column) || undefined}
            className={isNumber ? classes.number : undefined}
            aria-sort={sort.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none'}
          >
            <button type="button" className={classes.head} onClick={() => onSort(name)}>
              {label}
              {sort.column === name && <span aria-hidden>{sort.descending ? ' ↓' : ' ↑'}</span>}
            </button>
          </span>
        );
      })}
    </div>
  );
}
