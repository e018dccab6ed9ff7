/** All contacts, however many: a list that asks only for what is in sight, and one contact beside it. */
import { Button, Kbd } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { Empty } from '../../components/Empty';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Split } from '../../components/Split';
import { Trouble } from '../../components/Trouble';
import type { ContactsFilter, ContactsSort } from '../../ipc/bindings';
import { usePreference } from '../../ipc/preferences';
import { useAsk, useDo } from '../../ipc/queries';
import { BulkBar } from './BulkBar';
import { ColumnMenu } from './ColumnMenu';
import { ContactPanel } from './ContactPanel';
import classes from './ContactsScreen.module.css';
import { allColumns, chosenColumns, USUAL } from './columns';
import { FilterBar } from './FilterBar';
import { List } from './List';
import { NewContact } from './NewContact';
import { MOST_TICKED, useSelection } from './useSelection';

export function ContactsScreen() {
  const navigate = useNavigate();
  const { open } = useSearch({ strict: false }) as { open?: string };
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 120);
  const [filter, setFilter] = useState<ContactsFilter>({});
  const [sort, setSort] = useState<ContactsSort>({ column: 'name', descending: false });
  const [adding, setAdding] = useState(false);
  const selection = useSelection();
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
  const total = useAsk('contacts.count', query.filter, { keep: true });
  const guids = useDo('contacts.guids');
  const openOne = (guid?: string) => void navigate({ to: '/contacts', search: guid ? { open: guid } : {} });
  const tickAll = () =>
    guids.mutate({ ...query, from: 0, limit: MOST_TICKED }, { onSuccess: (found) => selection.add(found) });
  const filterBy = (next: ContactsFilter) => {
    setFilter(next);
    selection.clear();
  };
  const isFiltered = text !== '' || Object.keys(filter).length > 0;
  return (
    <Page
      title="Contacts"
      about={total.data === undefined ? undefined : counted(total.data, 'contact')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.75} />}
            onClick={() => setAdding(true)}
          >
            New contact
          </Button>
          <Button
            leftSection={<IconFileImport size={16} stroke={1.75} />}
            onClick={() => void navigate({ to: '/contacts/import' })}
          >
            Import
          </Button>
        </>
      }
      full
    >
      <Split panel={open && <ContactPanel key={open} guid={open} onClose={() => openOne()} />}>
        <FilterBar
          typed={typed}
          onType={setTyped}
          filter={filter}
          onFilter={filterBy}
          aside={<ColumnMenu all={all} chosen={chosen} onChange={choose} />}
        />
        {total.isError && <Trouble error={total.error} retry={() => void total.refetch()} />}
        {total.isPending && <Rows />}
        {total.data === 0 && (
          <Empty
            title={isFiltered ? 'Nobody fits' : 'No contacts yet'}
            action={
              isFiltered && (
                <Button
                  variant="default"
                  onClick={() => {
                    setTyped('');
                    setFilter({});
                  }}
                >
                  Show all contacts
                </Button>
              )
            }
          >
            {isFiltered
              ? 'Each word must begin a word of the name, the e-mail or the company; and every filter must hold.'
              : 'Contacts come from a CSV or Excel file, and stay on this computer.'}
          </Empty>
        )}
        {total.data !== undefined && total.data > 0 && (
          <List
            key={`${text} ${JSON.stringify(filter)}`}
            query={query}
            columns={columns}
            onSort={(column) => setSort({ column, descending: sort.column === column && !sort.descending })}
            total={total.data}
            open={open}
            onOpen={openOne}
            selection={selection}
            onTickAll={tickAll}
          />
        )}
        {guids.error && <Trouble error={guids.error} retry={tickAll} />}
        {selection.ticked.size > 0 ? (
          <BulkBar selection={selection} deleted={filter.deleted ?? false} />
        ) : (
          <div className={classes.footer}>
            <span>
              <Kbd>Enter</Kbd> opens
            </span>
            <span>
              <Kbd>Space</Kbd> ticks
            </span>
            <span>
              <Kbd>/</Kbd> searches
            </span>
          </div>
        )}
      </Split>
      {adding && (
        <NewContact
          onClose={() => setAdding(false)}
          onAdded={(guid) => {
            setAdding(false);
            openOne(guid);
          }}
        />
      )}
    </Page>
  );
}
