/** Searching, the filters as chips, and adding one. */
import { Button, CloseButton, Menu, TextInput } from '@mantine/core';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type {
  AskableField,
  ContactFieldInfo,
  ContactsFilter,
  Delivery,
  NamedPlace,
} from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { deliveryWords } from '../../words/sending';
import classes from './ContactsScreen.module.css';
import { ConditionDialog, ConsentDialog, PointsDialog, SegmentDialog } from './FilterDialogs';
import { chips, withDelivery } from './filters';

type Props = {
  typed: string;
  onType: (text: string) => void;
  filter: ContactsFilter;
  onFilter: (filter: ContactsFilter) => void;
  /** At the right, such as the columns. */
  aside: ReactNode;
};

export function FilterBar({ typed, onType, filter, onFilter, aside }: Props) {
  const own = useAsk('contacts.fields', {}).data ?? [];
  const pulled = useAsk('mirror.askable', {}).data?.fields ?? [];
  const fields = [...own, ...pulled.map(ofSalesforce)];
  const imports = useAsk('imports.list', {}).data ?? [];
  const scores = useAsk('scores.list', {}).data ?? [];
  const segments = useAsk('segments.list', {}).data ?? [];
  const purposes = useAsk('consents.paths', {}).data ?? [];
  const places = usePlaces(filter);
  const [asking, setAsking] = useState<'condition' | 'points' | 'segment' | 'consent' | null>(null);
  const shown = chips(filter, { fields, imports, places });
  const add = (changed: ContactsFilter) => {
    setAsking(null);
    onFilter(changed);
  };
  return (
    <div className={classes.bar}>
      <TextInput
        aria-label="Search contacts"
        placeholder="Name, email, company, phone or city"
        type="search"
        className={classes.search}
        leftSection={<IconSearch size={14} stroke={1.75} />}
        value={typed}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      {shown.map(({ id, label, without }) => (
        <span key={id} className={classes.chip}>
          {label}
          <CloseButton
            size="xs"
            aria-label={`Remove filter ${label}`}
            onClick={() => onFilter(without)}
            onKeyDown={(event) => event.key === 'Backspace' && onFilter(without)}
          />
        </span>
      ))}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconFilter size={14} stroke={1.75} />}>
            Add filter
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Salesforce status</Menu.Label>
          {Object.entries(deliveryWords).map(([delivery, { word }]) => (
            <Menu.Item key={delivery} onClick={() => add(withDelivery(filter, delivery as Delivery))}>
              {word}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking('condition')}>By field…</Menu.Item>
          {scores.length > 0 && <Menu.Item onClick={() => setAsking('points')}>By score…</Menu.Item>}
          {segments.length > 0 && <Menu.Item onClick={() => setAsking('segment')}>By segment…</Menu.Item>}
          {purposes.length > 0 && <Menu.Item onClick={() => setAsking('consent')}>By consent…</Menu.Item>}
          {imports.length > 0 && (
            <>
              <Menu.Label>Imported from</Menu.Label>
              {imports.slice(0, 5).map((one) => (
                <Menu.Item key={one.id} onClick={() => add({ ...filter, import: one.id })}>
                  {one.file_name}
                </Menu.Item>
              ))}
            </>
          )}
          <Menu.Divider />
          <Menu.Item onClick={() => add({ ...filter, deleted: true })}>Deleted contacts</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {shown.length > 1 && (
        <Button size="xs" variant="subtle" onClick={() => onFilter({})}>
          Clear
        </Button>
      )}
      <span className={classes.space} />
      {aside}
      {asking === 'condition' && (
        <ConditionDialog fields={fields} filter={filter} onDone={add} onClose={() => setAsking(null)} />
      )}
      {asking === 'segment' && (
        <SegmentDialog segments={segments} filter={filter} onDone={add} onClose={() => setAsking(null)} />
      )}
      {asking === 'consent' && (
        <ConsentDialog purposes={purposes} filter={filter} onDone={add} onClose={() => setAsking(null)} />
      )}
      {asking === 'points' && (
        <PointsDialog scores={scores} filter={filter} onDone={add} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}

/** Returns a field that a pull has read, as filters know fields. */
function ofSalesforce({ name, label, group, kind }: AskableField): ContactFieldInfo {
  return { name, label: `${label} (${group})`, kind, scale: null, writable: false, custom: false };
}

/** Returns the places that conditions of a filter name: countries, and the states of one country. */
function usePlaces({ conditions = [] }: ContactsFilter): readonly NamedPlace[] {
  const state = conditions.find(({ field }) => field === 'state')?.value;
  const country = typeof state === 'string' ? state.slice(0, 2) : '';
  const asksCountry = conditions.some(({ field }) => field === 'country');
  const countries = useAsk('contacts.places', {}, { enabled: asksCountry }).data ?? [];
  const states = useAsk('contacts.places', { country }, { enabled: country !== '' }).data ?? [];
  return [...countries, ...states];
}
