/** Searching Salesforce: leads, contacts, accounts and campaigns, by words and by conditions on the org's own fields. */
import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Empty } from '../../components/Empty';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { CriteriaRows } from '../../criteria/CriteriaRows';
import type { OrgObject, SearchWithin } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { Begin } from './Begin';
import { ColumnChooser } from './ColumnChooser';
import { Results } from './Results';
import { SavedSearches } from './SavedSearches';
import classes from './Search.module.css';
import { SoqlBox } from './SoqlBox';
import { TickedBar } from './TickedBar';
import { type OrgSearching, useOrgSearch } from './useOrgSearch';

export function SearchScreen() {
  const navigate = useNavigate();
  const connections = useAsk('connections.list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const usable = (connections.data ?? []).filter((one) => one.org_id !== null);
  const connection = usable.find((one) => one.name === chosen) ?? usable[0];
  if (!connection) {
    return (
      <Page title="Search Salesforce" about="Leads, contacts, accounts and campaigns">
        {connections.isPending && <Rows />}
        {connections.isError && (
          <Trouble error={connections.error} retry={() => void connections.refetch()} />
        )}
        {connections.data && (
          <Empty
            title="No Salesforce connected"
            action={<Button onClick={() => void navigate({ to: '/connections' })}>Open Connections</Button>}
          >
            Search looks in Salesforce itself. Connect an org and sign in first.
          </Empty>
        )}
      </Page>
    );
  }
  return (
    <Searching
      key={connection.name}
      connection={connection.name}
      others={usable.map((one) => one.name)}
      onConnection={setChosen}
    />
  );
}

type Props = { connection: string; others: string[]; onConnection: (name: string | null) => void };
type Mode = OrgObject | 'SOQL';

const modes: { value: Mode; label: string }[] = [
  { value: 'Lead', label: 'Leads' },
  { value: 'Contact', label: 'Contacts' },
  { value: 'Account', label: 'Accounts' },
  { value: 'Campaign', label: 'Campaigns' },
  { value: 'SOQL', label: 'SOQL' },
];

function Searching({ connection, others, onConnection }: Props) {
  const searching = useOrgSearch(connection);
  const [soql, setSoql] = useState(false);
  const choose = (mode: string) => {
    setSoql(mode === 'SOQL');
    const object = modes.find(({ value }) => value === mode)?.value;
    if (object && object !== 'SOQL' && object !== searching.search.object) searching.choose(object);
  };
  return (
    <Page
      title="Search Salesforce"
      about={connection}
      actions={
        <>
          {others.length > 1 && (
            <Select
              aria-label="Connection"
              allowDeselect={false}
              data={others}
              value={connection}
              onChange={onConnection}
            />
          )}
          <SavedSearches
            connection={connection}
            search={searching.search}
            onOpen={(saved) => {
              setSoql(false);
              searching.open(saved);
            }}
          />
        </>
      }
    >
      <div className={classes.stack}>
        <SegmentedControl
          aria-label="What to search"
          className={classes.objects}
          data={modes}
          value={soql ? 'SOQL' : searching.search.object}
          onChange={choose}
        />
        {soql ? (
          <SoqlBox connection={connection} />
        ) : (
          <Records connection={connection} searching={searching} />
        )}
      </div>
    </Page>
  );
}

const withins: { value: SearchWithin; label: string }[] = [
  { value: 'all', label: 'all fields' },
  { value: 'name', label: 'names' },
  { value: 'email', label: 'email addresses' },
  { value: 'phone', label: 'phone numbers' },
];

function Records({ connection, searching }: { connection: string; searching: OrgSearching }) {
  const { search, change, found } = searching;
  const fields = useAsk('search.fields', { connection, object: search.object });
  const [choosing, setChoosing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    searching.run();
  };
  const isPerson = search.object === 'Lead' || search.object === 'Contact';
  return (
    <>
      <form onSubmit={submit} className={classes.form} aria-label="Search">
        <div className={classes.line}>
          <TextInput
            aria-label="Search words"
            placeholder="Name, email or phone number"
            type="search"
            className={classes.words}
            leftSection={<IconSearch size={14} stroke={1.75} />}
            value={search.text ?? ''}
            onChange={(event) => change({ text: event.currentTarget.value })}
          />
          <span className={classes.quiet}>in</span>
          <Select
            aria-label="Search in"
            allowDeselect={false}
            w={140}
            data={withins}
            value={search.within ?? 'all'}
            onChange={(value) => change({ within: (value ?? 'all') as SearchWithin })}
          />
          <Button type="submit" loading={searching.asking}>
            Search
          </Button>
        </div>
        {fields.isPending && <Rows count={2} />}
        {fields.isError && <Trouble error={fields.error} retry={() => void fields.refetch()} />}
        {fields.data && (
          <>
            <CriteriaRows fields={fields.data} search={search} onChange={change} />
            <div className={classes.line}>
              <Button
                size="xs"
                variant="default"
                aria-expanded={choosing}
                onClick={() => setChoosing(!choosing)}
              >
                Columns
              </Button>
              <span className={classes.quiet}>
                Fields refreshed <Ago at={fields.data.read_at} />
                {fields.data.not_refreshed && '. Salesforce hasn’t answered since'}
              </span>
            </div>
            {choosing && (
              <ColumnChooser
                fields={fields.data}
                chosen={search.columns?.length ? search.columns : fields.data.columns}
                onChange={(columns) => change({ columns })}
              />
            )}
          </>
        )}
      </form>
      {searching.error && <Trouble error={searching.error} retry={() => searching.run()} focus />}
      {searching.asking && <Rows />}
      {fields.data && !found && !searching.asking && !searching.error && (
        <Begin
          fields={fields.data}
          object={search.object}
          onStart={searching.start}
          onOpen={({ search: saved }) => searching.start(saved)}
        />
      )}
      {found && !searching.asking && (
        <>
          {isPerson && (
            <TickedBar
              connection={connection}
              object={search.object}
              records={found.records.filter((record) => searching.ticked.has(record.id))}
              onChanged={() => {
                searching.setTicked(new Set());
                searching.refresh();
              }}
              onUndone={() => searching.refresh()}
            />
          )}
          <Results
            object={search.object}
            found={found}
            ticked={isPerson ? searching.ticked : null}
            onTick={searching.setTicked}
            sort={search.sort ?? undefined}
            onSort={searching.sortBy}
            onMore={searching.more}
            asking={searching.askingMore}
          />
        </>
      )}
    </>
  );
}
