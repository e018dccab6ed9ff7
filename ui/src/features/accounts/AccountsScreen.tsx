/** The list of accounts, and one of them beside it. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { Empty } from '../../components/Empty';
import { NameButton } from '../../components/NameButton';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Split } from '../../components/Split';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { AccountLine } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { AccountPanel } from './AccountPanel';
import classes from './Accounts.module.css';

const PAGE = 100;

export function AccountsScreen() {
  const navigate = useNavigate();
  const { open } = useSearch({ strict: false }) as { open?: number };
  const [typed, setTyped] = useState('');
  const [begin] = useDebouncedValue(typed.trim(), 150);
  const [page, setPage] = useState(0);
  const [adding, setAdding] = useState(false);
  const list = useAsk('accounts.list', { begin, from: page * PAGE, limit: PAGE }, { keep: true });
  const choose = (account?: number) =>
    void navigate({ to: '/accounts', search: account === undefined ? {} : { open: account } });
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setAdding(true)}>
      New account
    </Button>
  );
  const isNone = list.data?.total === 0;
  return (
    <Page
      title="Accounts"
      about={
        list.data &&
        counted(list.data.total, begin ? 'account found' : 'account', begin ? 'accounts found' : 'accounts')
      }
      actions={isNone && !begin ? undefined : add}
      full
    >
      <Split
        panel={open !== undefined && <AccountPanel key={open} account={open} onClose={() => choose()} />}
      >
        <div className={classes.bar}>
          <TextInput
            aria-label="Search accounts"
            placeholder="Search by the start of the name"
            type="search"
            leftSection={<IconSearch size={14} stroke={1.75} />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setPage(0);
            }}
          />
        </div>
        <div className={classes.list}>
          {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
          {list.isPending && <Rows />}
          {isNone && (
            <Empty
              title={begin ? 'No matching accounts' : 'No accounts yet'}
              action={begin ? undefined : add}
            >
              {begin
                ? 'Search matches the start of the account name.'
                : 'An account is a company with one or more contacts. Imports can create accounts from company names.'}
            </Empty>
          )}
          {list.data && list.data.total > 0 && (
            <>
              <Lines lines={list.data.lines} open={open} onOpen={choose} />
              <Pages page={page} total={list.data.total} onPage={setPage} />
            </>
          )}
        </div>
      </Split>
      {adding && (
        <NewAccount
          onClose={() => setAdding(false)}
          onAdded={(account) => {
            setAdding(false);
            choose(account);
          }}
        />
      )}
    </Page>
  );
}

type LinesProps = {
  lines: readonly AccountLine[];
  open: number | undefined;
  onOpen: (account: number) => void;
};

function Lines({ lines, open, onOpen }: LinesProps) {
  return (
    <Table
      label="Accounts"
      heads={[{ name: 'Name' }, { name: 'City' }, { name: 'Country' }, { name: 'Contacts', number: true }]}
    >
      {lines.map(({ id, fields, members }) => (
        <tr
          key={id}
          aria-current={id === open || undefined}
          className={id === open ? classes.open : undefined}
        >
          <td>
            <NameButton onOpen={() => onOpen(id)}>{fields.name}</NameButton>
          </td>
          <td>{fields.city}</td>
          <td>{fields.country}</td>
          <NumberCell>{count(members)}</NumberCell>
        </tr>
      ))}
    </Table>
  );
}

type PagesProps = { page: number; total: number; onPage: (page: number) => void };

function Pages({ page, total, onPage }: PagesProps) {
  if (total <= PAGE) return null;
  const last = Math.ceil(total / PAGE) - 1;
  return (
    <nav className={classes.pages} aria-label="Pages">
      <Button size="xs" variant="default" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Previous
      </Button>
      <span className="num" role="status">
        {count(page * PAGE + 1)} to {count(Math.min(total, (page + 1) * PAGE))} of {count(total)}
      </span>
      <Button size="xs" variant="default" disabled={page === last} onClick={() => onPage(page + 1)}>
        Next
      </Button>
    </nav>
  );
}

function NewAccount({ onClose, onAdded }: { onClose: () => void; onAdded: (account: number) => void }) {
  const add = useDo('accounts.add');
  const [name, setName] = useState('');
  const save = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ name: name.trim(), fields: {} }, { onSuccess: (made) => onAdded(made.id) });
  };
  return (
    <Dialog opened onClose={onClose} title="New account" size={420}>
      <form onSubmit={save}>
        <TextInput
          label="Name"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {add.error && <Trouble error={add.error} />}
        <DialogButtons onCancel={onClose} busy={add.isPending} disabled={!name.trim() && 'Enter a name'}>
          Add account
        </DialogButtons>
      </form>
    </Dialog>
  );
}
