/** The custom fields of contacts: adding, renaming and removing them. */
import { ActionIcon, Button, Select, Stack, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { NumberField } from '../../components/NumberField';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { inWords, Trouble } from '../../components/Trouble';
import type { CustomFieldInfo } from '../../ipc/bindings';
import { usePreference } from '../../ipc/preferences';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './ContactsScreen.module.css';
import { USUAL } from './columns';
import { type Kind, kindOf, kindWords } from './kinds';
import { RemoveField } from './RemoveField';

type Asked = { act: 'rename' | 'remove'; field: CustomFieldInfo };

export function CustomFields({ onClose }: { onClose: () => void }) {
  const fields = useAsk('custom_fields.list', {});
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Dialog opened onClose={onClose} title="Custom fields" size={560}>
      <Stack gap="md">
        {fields.isError && <Trouble error={fields.error} retry={() => void fields.refetch()} />}
        {fields.isPending && <Rows count={3} />}
        {fields.data?.length === 0 && (
          <p className={classes.quiet}>
            Custom fields store what the built-in fields don’t, for example, a customer number. Imports can
            create them, too.
          </p>
        )}
        {fields.data && fields.data.length > 0 && <List fields={fields.data} onAsk={setAsked} />}
        <AddField />
      </Stack>
      {asked?.act === 'rename' && <RenameField field={asked.field} onClose={() => setAsked(null)} />}
      {asked?.act === 'remove' && <RemoveField field={asked.field} onClose={() => setAsked(null)} />}
    </Dialog>
  );
}

type ListProps = { fields: readonly CustomFieldInfo[]; onAsk: (asked: Asked) => void };

function List({ fields, onAsk }: ListProps) {
  return (
    <div className={classes.fields}>
      <Table
        label="Custom fields"
        heads={[{ name: 'Field' }, { name: 'Type' }, { name: 'Change', hidden: true }]}
      >
        {fields.map((field) => (
          <tr key={field.name}>
            <td>{field.name}</td>
            <td>{kindOf(field)}</td>
            <td>
              <span className={classes.fieldActs}>
                <ActionIcon
                  aria-label={`Rename ${field.name}`}
                  onClick={() => onAsk({ act: 'rename', field })}
                >
                  <IconPencil size={16} stroke={1.75} />
                </ActionIcon>
                <ActionIcon
                  aria-label={`Remove ${field.name}`}
                  onClick={() => onAsk({ act: 'remove', field })}
                >
                  <IconTrash size={16} stroke={1.75} />
                </ActionIcon>
              </span>
            </td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

function AddField() {
  const add = useDo('custom_fields.add');
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('text');
  const [scale, setScale] = useState<number | ''>(2);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      { name: name.trim(), kind, ...(kind === 'decimal' ? { scale: Number(scale) } : {}) },
      { onSuccess: () => setName('') },
    );
  };
  return (
    <form onSubmit={submit} className={classes.addField}>
      <TextInput
        label="New field"
        placeholder="Customer number"
        error={add.error && inWords(add.error)}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
          add.reset();
        }}
      />
      <Select
        label="Type"
        allowDeselect={false}
        data={Object.entries(kindWords).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={(next) => next && setKind(next as Kind)}
      />
      {kind === 'decimal' && (
        <NumberField label="Decimal places" whole min={0} max={18} value={scale} onChange={setScale} />
      )}
      <Button type="submit" variant="default" disabled={!name.trim()} loading={add.isPending}>
        Add field
      </Button>
    </form>
  );
}

function RenameField({ field, onClose }: { field: CustomFieldInfo; onClose: () => void }) {
  const rename = useDo('custom_fields.rename');
  const [columns, setColumns] = usePreference<string[]>('contacts_columns', USUAL);
  const [to, setTo] = useState(field.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(
      { name: field.name, to: to.trim() },
      {
        onSuccess: (renamed) => {
          const was = `custom:${field.name}`;
          setColumns(columns.map((column) => (column === was ? `custom:${renamed.name}` : column)));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog opened onClose={onClose} title={`Rename ${field.name}`} size={420}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            description="Rules, mappings and descriptions that use the field get the new name, too."
            data-autofocus
            error={rename.error && inWords(rename.error)}
            value={to}
            onChange={(event) => {
              setTo(event.currentTarget.value);
              rename.reset();
            }}
          />
          <DialogButtons onCancel={onClose} busy={rename.isPending} disabled={!to.trim() && 'Enter a name'}>
            Rename field
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
