/** What a row is filled with when that is written by hand, its value map, and its rarer rules. */
import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import type { Cutting, GridRow, MappingEdit, RefusalRule } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { TemplateDialog } from './TemplateDialog';
import type { Mapping } from './useMapping';
import { ValueMapDialog } from './ValueMapDialog';

export type RowDialogKind = 'constant' | 'template' | 'values' | 'rules';

type Props = {
  kind: RowDialogKind;
  row: GridRow;
  text: string;
  mapping: Mapping;
  onClose: () => void;
};

const TITLES: Record<RowDialogKind, string> = {
  constant: 'Constant for',
  template: 'Template for',
  values: 'Value map for',
  rules: 'Rules for',
};

export function RowDialog(props: Props) {
  const { kind, row } = props;
  return (
    <Dialog opened onClose={props.onClose} title={`${TITLES[kind]} ${row.label}`} size={560}>
      {kind === 'constant' && <Constant {...props} />}
      {kind === 'template' && <TemplateDialog {...props} />}
      {kind === 'values' && <ValueMapDialog {...props} />}
      {kind === 'rules' && <Rules {...props} />}
    </Dialog>
  );
}

function Constant({ row, text, mapping, onClose }: Props) {
  const was = row.source?.kind === 'constant' ? (row.source.body ?? '') : '';
  const [typed, setTyped] = useState(was);
  const sources = useAsk('mappings.sources', { name: mapping.name, target: row.target, text });
  const picklist = sources.data?.picklist.filter((value) => value.active) ?? [];
  const save = () => {
    void mapping.edit(
      [{ kind: 'constant', target: row.target, text: typed }],
      `${row.label} filled from a constant`,
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
        {picklist.length > 0 ? (
          <Select
            label="Value"
            searchable
            data-autofocus
            data={picklist.map(({ value, label }) => ({ value, label }))}
            value={typed || null}
            onChange={(value) => setTyped(value ?? '')}
          />
        ) : (
          <TextInput
            label="Value"
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={typed === '' || typed === was}>
            Save constant
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What an org refuses, by the type of the field. */
const REFUSED_FOR_EXAMPLE: Record<string, string> = {
  Picklist: 'For example, a value that isn’t in the picklist',
  'Picklist (Multi-Select)': 'For example, a value that isn’t in the picklist',
  Email: 'For example, an email without an @',
  Date: 'For example, a date before the year 1700',
};

function Rules({ row, mapping, onClose }: Props) {
  const [cutting, setCutting] = useState<Cutting>(row.cutting ?? 'shorten');
  const [refusal, setRefusal] = useState<RefusalRule>(row.refusal ?? 'leave_out');
  const [required, setRequired] = useState(row.always_required);
  const save = () => {
    const { target } = row;
    const edits: MappingEdit[] = [];
    const cuts = row.can_cut && cutting !== (row.cutting ?? 'shorten');
    if (cuts) edits.push({ kind: 'cutting', target, cutting });
    // Another rule for long values may bring another one for refused ones along: what was chosen is said again.
    if (cuts || refusal !== (row.refusal ?? 'leave_out')) edits.push({ kind: 'refusal', target, refusal });
    if (required !== row.always_required) edits.push({ kind: 'required', target, required });
    if (edits.length > 0) void mapping.edit(edits, `${row.label}: rules changed`, target);
    onClose();
  };
  return (
    <Stack gap="sm">
      {row.can_cut && (
        <Select
          label="If a value is too long"
          data={[
            { value: 'shorten', label: 'Shorten it' },
            { value: 'refuse', label: 'Don’t send it' },
          ]}
          allowDeselect={false}
          value={cutting}
          onChange={(value) => value && setCutting(value as Cutting)}
        />
      )}
      <Select
        label="If Salesforce would refuse a value"
        description={
          REFUSED_FOR_EXAMPLE[row.type_name] ?? 'For example, a value that is too long or has another form'
        }
        data={[
          {
            value: 'leave_out',
            label: row.required
              ? 'Update without it, never create without it'
              : 'Send the contact without it',
          },
          { value: 'block', label: 'Block the contact' },
        ]}
        allowDeselect={false}
        value={refusal}
        onChange={(value) => value && setRefusal(value as RefusalRule)}
      />
      <Checkbox
        label={
          row.required
            ? 'Block contacts that have no value, on updates too'
            : 'Block contacts that have no value'
        }
        description={row.required && 'New records always need a value: Salesforce requires it.'}
        checked={required}
        onChange={(event) => setRequired(event.currentTarget.checked)}
      />
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={save}>Save</Button>
      </Group>
    </Stack>
  );
}
