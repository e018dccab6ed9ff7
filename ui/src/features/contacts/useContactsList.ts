/** Which contacts the list shows, in which order, and with which columns. */
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { ContactsFilter, ContactsSort } from '../../ipc/bindings';
import { usePreference } from '../../ipc/preferences';
import { useAsk } from '../../ipc/queries';
import { allColumns, chosenColumns, USUAL } from './columns';

const TYPING_MS = 120;

/** `begun` is the filter that the list begins with. */
export function useContactsList(begun: () => ContactsFilter) {
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [filter, setFilter] = useState(begun);
  const [sort, setSort] = useState<ContactsSort>({ column: 'name', descending: false });
  const all = allColumns(useAsk('contacts.fields', {}).data ?? [], useAsk('scores.list', {}).data ?? []);
  const [chosen, choose] = usePreference<string[]>('contacts_columns', USUAL);
  const columns = chosenColumns(all, chosen);
  const names = columns.map(({ name }) => name).join('\n');
  const query = useMemo(
    () => ({
      filter: text ? { ...filter, text } : filter,
      sort,
      columns: names === '' ? [] : names.split('\n'),
    }),
    [filter, text, sort, names],
  );
  return {
    typed,
    setTyped,
    filter,
    setFilter,
    isFiltered: Object.keys(query.filter).length > 0,
    showAll: () => {
      setTyped('');
      setFilter({});
    },
    sortBy: (column: string) => setSort({ column, descending: sort.column === column && !sort.descending }),
    /** Every column that can be shown; `chosen` are the names of those that are. */
    all,
    chosen,
    choose,
    columns,
    query,
    total: useAsk('contacts.count', query.filter, { keep: true }),
  };
}
