/** The value map of a row: each value found here, how often, and what Salesforce gets for it. */
import { ActionIcon, Autocomplete, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { GridRow, MapValues } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Dialogs.module.css';
import { isOffered, linesOf, mapOf, type Pair } from './pairs';
import type { Mapping } from './useMapping';

type Props = { row: GridRow; text: string; mapping: Mapping; onClose: () => void };

export function ValueMapDialog(props: Props) {
  const { row, text, mapping } = props;
  const values = useAsk('mappings.values', { name: mapping.name, target: row.target, text });
  if (values.isError) return <Trouble error={values.error} retry={() => void values.refetch()} />;
  if (values.isPending) return <Rows count={5} />;
  return <Editor {...props} values={values.data} />;
}

function Editor({ row, mapping, values, onClose }: Props & { values: MapValues }) {
  const [pairs, setPairs] = useState(() => linesOf(row.values, values));
  const [added, setAdded] = useState(0);
  const change = (id: string, part: Partial<Pair>) =>
    setPairs(pairs.map((pair) => (pair.id === id ? { ...pair, ...part } : pair)));
  const save = () => {
    const edit = { kind: 'values', target: row.target, values: mapOf(pairs) } as const;
    void mapping.edit([edit], `${row.label}: values mapped`, row.target);
    onClose();
  };
  const open = pairs.filter((pair) => !pair.known && pair.to.trim() === '').length;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="sm">
        <span className={classes.quiet}>
          {aboutMap(pairs, values, open)}
          {values.more && ' Only the most frequent values are shown.'}
          {values.looked_at !== null && ` Counted in the first ${counted(values.looked_at, 'contact')}.`}
        </span>
        <div className={classes.mapScroll}>
          <table className={classes.map} aria-label="Value map">
            <thead>
              <tr>
                <th scope="col">Value here</th>
                <th scope="col" className={classes.number}>
                  Contacts
                </th>
                <th scope="col">Value in Salesforce</th>
                <th>
                  <span className="visually-hidden">Remove</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {pairs.map((pair) => (
                <Line
                  key={pair.id}
                  pair={pair}
                  values={values}
                  onChange={(part) => change(pair.id, part)}
                  onRemove={() => setPairs(pairs.filter(({ id }) => id !== pair.id))}
                />
              ))}
            </tbody>
          </table>
        </div>
        <Group justify="space-between" gap="sm">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} stroke={1.75} />}
            onClick={() => {
              setAdded(added + 1);
              setPairs([...pairs, { id: `added ${added}`, from: '', to: '', contacts: null, known: false }]);
            }}
          >
            Add value
          </Button>
          <Group gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Save value map</Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

/** Says what is still to be mapped, and what becomes of the rest. */
function aboutMap(pairs: readonly Pair[], values: MapValues, open: number): string {
  if (values.offered.length > 0 && open > 0) {
    return `${counted(open, 'value')} here ${open === 1 ? 'isn’t' : 'aren’t'} in the picklist.`;
  }
  if (pairs.length === 0) return 'No contact has a value here yet. Add the values that you expect.';
  return 'Values without an entry are sent as they are.';
}

type LineProps = {
  pair: Pair;
  values: MapValues;
  onChange: (part: Partial<Pair>) => void;
  onRemove: () => void;
};

function Line({ pair, values, onChange, onRemove }: LineProps) {
  const isNew = pair.id.startsWith('added ');
  const name = pair.from || 'new value';
  const isForeign = pair.to.trim() !== '' && values.offered.length > 0 && !isOffered(pair.to, values);
  const warning = values.restricted
    ? 'Not in the picklist. Salesforce refuses it.'
    : 'Not in the picklist. Salesforce adds it to the record only.';
  const offered = [...new Set(values.offered.map(({ value }) => value))];
  return (
    <tr>
      <td>
        {isNew ? (
          <TextInput
            size="xs"
            aria-label="Value here"
            value={pair.from}
            onChange={(event) => onChange({ from: event.currentTarget.value })}
          />
        ) : (
          <div className={`${classes.here} selectable`}>{pair.from}</div>
        )}
      </td>
      <td className={`${classes.number} ${classes.here} num`}>
        {pair.contacts === null ? '' : count(pair.contacts)}
      </td>
      <td>
        <Autocomplete
          size="xs"
          aria-label={`Value in Salesforce for ${name}`}
          placeholder={pair.known || values.offered.length === 0 ? 'Same value' : 'Choose a value'}
          data={offered}
          limit={100}
          value={pair.to}
          onChange={(to) => onChange({ to })}
        />
        {isForeign && <span className={classes.look}>{warning}</span>}
      </td>
      <td>
        {(isNew || pair.to !== '') && (
          <ActionIcon
            aria-label={isNew ? 'Remove the new value' : `Clear ${name}`}
            onClick={() => (isNew || pair.contacts === null ? onRemove() : onChange({ to: '' }))}
          >
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
}
