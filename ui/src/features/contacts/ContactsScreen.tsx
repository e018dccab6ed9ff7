/** All contacts, however many: a list that asks only for what is in sight, and one contact beside it. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileImport, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../../components/Empty';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { ContactsSort } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { ContactPanel } from './ContactPanel';
import classes from './ContactsScreen.module.css';
import { List } from './List';

export function ContactsScreen() {
  const navigate = useNavigate();
  const { open } = useSearch({ strict: false }) as { open?: string };
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 150);
  const [sort, setSort] = useState<ContactsSort>({ column: 'name', descending: false });
  const total = useAsk('contacts.count', text ? { text } : {}, { keep: true });
  const choose = (guid?: string) => void navigate({ to: '/contacts', search: guid ? { open: guid } : {} });
  const bringIn = (
    <Button
      leftSection={<IconFileImport size={16} stroke={1.75} />}
      onClick={() => void navigate({ to: '/contacts/import' })}
    >
      Import
    </Button>
  );
  return (
    <Page
      title="Contacts"
      about={total.data === undefined ? undefined : counted(total.data, 'contact')}
      actions={bringIn}
      full
    >
      <div className={classes.split}>
        <div className={classes.main}>
          <div className={classes.bar}>
            <TextInput
              aria-label="Search contacts"
              placeholder="Search by name, e-mail or company"
              type="search"
              leftSection={<IconSearch size={14} stroke={1.75} />}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
          {total.isError && <Trouble error={total.error} retry={() => void total.refetch()} />}
          {total.isPending && <Rows />}
          {total.data === 0 && (
            <Empty title={text ? 'Nobody fits' : 'No contacts yet'}>
              {text
                ? 'Each word must begin a word of the name, the e-mail or the company.'
                : 'Contacts come from a CSV or Excel file, and stay on this computer.'}
            </Empty>
          )}
          {total.data !== undefined && total.data > 0 && (
            <List
              key={text}
              text={text}
              sort={sort}
              onSort={setSort}
              total={total.data}
              open={open}
              onOpen={choose}
            />
          )}
        </div>
        {open && <ContactPanel key={open} guid={open} onClose={() => choose()} />}
      </div>
    </Page>
  );
}
