/** What a row is filled with when that is written by hand, and its rarer rules. */
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Modal,
  Select,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { GridRow, MappingEdit } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './MappingGrid.module.css';
import type { Mapping } from './useMapping';

type Props = {
  kind: 'constant' | 'template' | 'rules';
  row: GridRow;
  text: string;
  mapping: Mapping;
  onClose: () => void;
};

export function RowDialog(props: Props) {
  const titles = {
    constant: `A constant for ${props.row.label}`,
    template: `A template for ${props.row.label}`,
    rules: `Rules of ${props.row.label}`,
  };
  return (
    <Modal opened onClose={props.onClose} title={titles[props.kind]} size={560}>
      {props.kind === 'rules' ? <Rules {...props} /> : <Written {...props} kind={props.kind} />}
    </Modal>
  );
}

function Written({ kind, row, text, mapping, onClose }: Props & { kind: 'constant' | 'template' }) {
  const was = row.source?.kind === kind ? (row.source.body ?? '') : '';
  const [typed, setTyped] = useState(was);
  const sources = useAsk(
    'mappings.sources',
    { name: mapping.name, target: row.target, text },
    { enabled: kind === 'constant' },
  );
  const names = useAsk('mappings.template_names', { name: mapping.name }, { enabled: kind === 'template' });
  const picklist = sources.data?.picklist.filter((value) => value.active) ?? [];
  const save = () => {
    void mapping.edit(
      [{ kind, target: row.target, text: typed }],
      `${row.label}: ${kind} written`,
      row.target,
    );
    onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Stack gap="sm">
        {kind === 'constant' && picklist.length > 0 ? (
          <Select
            label="Value"
            searchable
            data-autofocus
            data={picklist.map(({ value, label }) => ({ value, label }))}
            value={typed || null}
            onChange={(value) => setTyped(value ?? '')}
          />
        ) : kind === 'constant' ? (
          <TextInput
            label="Value"
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        ) : (
          <Textarea
            label="Template"
            description="Text with names in double braces, as in: {{ Contact.FirstName }} of {{ Contact.CompanyName }}"
            autosize
            minRows={3}
            data-autofocus
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            classNames={{ input: 'mono' }}
          />
        )}
        {kind === 'template' && names.data && (
          <Select
            label="Put in a name"
            searchable
            placeholder="Search"
            data={names.data.map((name) => ({
              value: name.source.text,
              label: name.sample ? `${name.source.label} (${name.sample})` : name.source.label,
            }))}
            value={null}
            onChange={(value) => value && setTyped(`${typed}{{ ${value} }}`)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={typed === '' || typed === was}>
            Use it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Pair = { id: number; from: string; to: string };

function Rules({ row, mapping, onClose }: Props) {
  const [pairs, setPairs] = useState<Pair[]>(row.values.map(([from, to], id) => ({ id, from, to })));
  const [cutting, setCutting] = useState(row.cutting ?? 'shorten');
  const [required, setRequired] = useState(row.required);
  const change = (id: number, part: Partial<Pair>) =>
    setPairs(pairs.map((pair) => (pair.id === id ? { ...pair, ...part } : pair)));
  const save = () => {
    const { target } = row;
    const values = pairs
      .filter((pair) => pair.from !== '')
      .map(({ from, to }): [string, string] => [from, to]);
    const edits: MappingEdit[] = [];
    if (row.takes_map) edits.push({ kind: 'values', target, values });
    if (row.can_cut && cutting !== (row.cutting ?? 'shorten'))
      edits.push({ kind: 'cutting', target, cutting });
    if (!row.always_required && required !== row.required) edits.push({ kind: 'required', target, required });
    if (edits.length > 0) void mapping.edit(edits, `${row.label}: rules changed`, target);
    onClose();
  };
  return (
    <Stack gap="sm">
      {row.takes_map && (
        <fieldset className={classes.pairs}>
          <legend>Value map</legend>
          {pairs.map(({ id, from, to }, at) => (
            <Group key={id} gap="xs" wrap="nowrap">
              <TextInput
                aria-label={`Value here, line ${at + 1}`}
                placeholder="Here"
                value={from}
                onChange={(event) => change(id, { from: event.currentTarget.value })}
              />
              <TextInput
                aria-label={`Value in Salesforce, line ${at + 1}`}
                placeholder="In Salesforce"
                value={to}
                onChange={(event) => change(id, { to: event.currentTarget.value })}
              />
              <ActionIcon
                aria-label={`Remove line ${at + 1}`}
                onClick={() => setPairs(pairs.filter((pair) => pair.id !== id))}
              >
                <IconX size={16} stroke={1.75} />
              </ActionIcon>
            </Group>
          ))}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setPairs([...pairs, { id: Date.now(), from: '', to: '' }])}
          >
            Add a value
          </Button>
        </fieldset>
      )}
      {row.can_cut && (
        <Select
          label="Values that are too long or too precise"
          data={[
            { value: 'shorten', label: 'Shorten them' },
            { value: 'refuse', label: 'Block the contact' },
          ]}
          value={cutting}
          onChange={(value) => value && setCutting(value as 'shorten' | 'refuse')}
        />
      )}
      {!row.always_required && (
        <Checkbox
          label="Block contacts that have no value for it"
          checked={required}
          onChange={(event) => setRequired(event.currentTarget.checked)}
        />
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={save}>Keep the rules</Button>
      </Group>
    </Stack>
  );
}
