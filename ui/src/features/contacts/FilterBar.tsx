/** Searching, the filters as chips, and adding one. */
import { Button, CloseButton, Menu, TextInput } from '@mantine/core';
import { IconFilter, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { ContactsFilter, Delivery } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './ContactsScreen.module.css';
import { ConditionDialog, PointsDialog, SegmentDialog } from './FilterDialogs';
import { chips, deliveryWords, withDelivery } from './filters';

type Props = {
  typed: string;
  onType: (text: string) => void;
  filter: ContactsFilter;
  onFilter: (filter: ContactsFilter) => void;
  /** At the right, such as the columns. */
  aside: ReactNode;
};

export function FilterBar({ typed, onType, filter, onFilter, aside }: Props) {
  const fields = useAsk('contacts.fields', {}).data ?? [];
  const imports = useAsk('imports.list', {}).data ?? [];
  const scores = useAsk('scores.list', {}).data ?? [];
  const segments = useAsk('segments.list', {}).data ?? [];
  const [asking, setAsking] = useState<'condition' | 'points' | 'segment' | null>(null);
  const shown = chips(filter, { fields, imports });
  const add = (changed: ContactsFilter) => {
    setAsking(null);
    onFilter(changed);
  };
  return (
    <div className={classes.bar}>
      <TextInput
        aria-label="Search contacts"
        placeholder="Search by name, e-mail or company"
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
            aria-label={`Remove the filter ${label}`}
            onClick={() => onFilter(without)}
            onKeyDown={(event) => event.key === 'Backspace' && onFilter(without)}
          />
        </span>
      ))}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconFilter size={14} stroke={1.75} />}>
            Add a filter
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>How far they have got</Menu.Label>
          {Object.entries(deliveryWords).map(([delivery, word]) => (
            <Menu.Item key={delivery} onClick={() => add(withDelivery(filter, delivery as Delivery))}>
              {word}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setAsking('condition')}>By a field…</Menu.Item>
          {scores.length > 0 && <Menu.Item onClick={() => setAsking('points')}>By points…</Menu.Item>}
          {segments.length > 0 && <Menu.Item onClick={() => setAsking('segment')}>By a segment…</Menu.Item>}
          {imports.length > 0 && (
            <>
              <Menu.Label>Brought by</Menu.Label>
              {imports.slice(0, 5).map((one) => (
                <Menu.Item key={one.id} onClick={() => add({ ...filter, import: one.id })}>
                  {one.file_name}
                </Menu.Item>
              ))}
            </>
          )}
          <Menu.Divider />
          <Menu.Item onClick={() => add({ ...filter, deleted: true })}>Deleted ones</Menu.Item>
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
      {asking === 'points' && (
        <PointsDialog scores={scores} filter={filter} onDone={add} onClose={() => setAsking(null)} />
      )}
    </div>
  );
}
