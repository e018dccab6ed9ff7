/** All contacts, however many: a list that asks only for what is in sight, and one contact beside it. */
import { Kbd } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ComponentType, useMemo, useState } from 'react';
import { useOffer } from '../../components/actions';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Split } from '../../components/Split';
import { Trouble } from '../../components/Trouble';
import { useAdding } from '../../components/useAdding';
import type { ConsentRule, ContactsFilter } from '../../ipc/bindings';
import { BulkBar } from './BulkBar';
import { ColumnMenu } from './ColumnMenu';
import { ContactPanel } from './ContactPanel';
import { type Asked, ContactsHead } from './ContactsHead';
import classes from './ContactsScreen.module.css';
import { CustomFields } from './CustomFields';
import { ExportDialog } from './ExportDialog';
import { FilterBar } from './FilterBar';
import { List } from './List';
import { NewContact } from './NewContact';
import { NoContacts } from './NoContacts';
import type { CuresProps } from './panel/InSalesforce';
import { useContactsList } from './useContactsList';
import { useExport } from './useExport';
import { useSelection } from './useSelection';

type ContactsSearch = {
  open?: string;
  fix?: string;
  back?: string;
  import?: number;
  segment?: string;
  consent?: ConsentRule;
  opted_out?: string;
  ask?: Asked;
};

/** Returns the filter that the list begins with, where another screen has asked for one. */
function begun({ import: imported, segment, consent, opted_out: channel }: ContactsSearch): ContactsFilter {
  return {
    ...(imported === undefined ? {} : { import: imported }),
    ...(segment === undefined ? {} : { segment }),
    ...(consent === undefined ? {} : { consent }),
    ...(channel === undefined ? {} : { conditions: [{ field: `${channel}_opt_out`, op: 'is_true' }] }),
  };
}

export function ContactsScreen({ Cures }: { Cures: ComponentType<CuresProps> }) {
  const navigate = useNavigate();
  const { open, fix, back, ask, ...from } = useSearch({ strict: false }) as ContactsSearch;
  const list = useContactsList(() => begun(from));
  const { filter, query, total } = list;
  const selection = useSelection(query.filter, total.data ?? 0);
  const exporting = useExport();
  const [adding, setAdding] = useAdding('/contacts');
  const [asked, setAsked] = useState<Asked | null>(ask ?? null);
  useOffer(useMemo(() => acts(setAsked), []));
  const openOne = (guid?: string) => void navigate({ to: '/contacts', search: guid ? { open: guid } : {} });
  const importFile = () => void navigate({ to: '/contacts/import' });
  return (
    <Page
      title="Contacts"
      about={total.data === undefined ? undefined : counted(total.data, 'contact')}
      actions={
        <ContactsHead
          onAdd={() => setAdding(true)}
          onImport={importFile}
          onAsk={setAsked}
          isExporting={exporting.busy}
        />
      }
      full
    >
      <Split
        panel={
          open && (
            <ContactPanel
              key={open}
              guid={open}
              fix={fix}
              back={back}
              query={query}
              total={total.data ?? 0}
              Cures={Cures}
              onOpen={openOne}
              onClose={() => openOne()}
            />
          )
        }
      >
        <FilterBar
          typed={list.typed}
          onType={list.setTyped}
          filter={filter}
          onFilter={(next) => {
            list.setFilter(next);
            selection.clear();
          }}
          aside={<ColumnMenu all={list.all} chosen={list.chosen} onChange={list.choose} />}
        />
        {total.isError && <Trouble error={total.error} retry={() => void total.refetch()} />}
        {total.isPending && <Rows />}
        {total.data === 0 && (
          <NoContacts isFiltered={list.isFiltered} onShowAll={list.showAll} onImport={importFile} />
        )}
        {total.data !== undefined && total.data > 0 && (
          <List
            key={JSON.stringify(query.filter)}
            query={query}
            columns={list.columns}
            onSort={list.sortBy}
            total={total.data}
            open={open}
            onOpen={openOne}
            selection={selection}
          />
        )}
        {exporting.error && <Trouble error={exporting.error} focus />}
        {selection.count > 0 ? (
          <BulkBar
            selection={selection}
            deleted={filter.deleted ?? false}
            onExport={() => setAsked('export')}
          />
        ) : (
          <Keys />
        )}
      </Split>
      {asked === 'export' && (
        <ExportDialog
          query={query}
          isFiltered={list.isFiltered}
          total={total.data ?? 0}
          selection={selection}
          columns={list.all}
          onExport={exporting.run}
          onClose={() => setAsked(null)}
        />
      )}
      {asked === 'fields' && <CustomFields onClose={() => setAsked(null)} />}
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

/** What the command palette offers while the screen is open. */
function acts(ask: (asked: Asked) => void) {
  return [
    { id: 'Export contacts', label: 'Export contacts', act: () => ask('export') },
    { id: 'Manage custom fields', label: 'Manage custom fields', act: () => ask('fields') },
  ];
}

function Keys() {
  return (
    <div className={classes.footer}>
      <span>
        <Kbd>Enter</Kbd> opens
      </span>
      <span>
        <Kbd>Space</Kbd> selects
      </span>
      <span>
        <Kbd>/</Kbd> searches
      </span>
    </div>
  );
}
