/** What is exported: which contacts, which of their columns, and as what kind of file. */
import { MultiSelect, Radio, SegmentedControl, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import type { ChosenContacts } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import type { Column } from './columns';
import type { ExportFormat, useExport } from './useExport';
import type { ListQuery } from './useRows';
import type { Selection } from './useSelection';

type Props = {
  query: ListQuery;
  isFiltered: boolean;
  /** How many contacts the list has. */
  total: number;
  selection: Selection;
  columns: readonly Column[];
  onExport: ReturnType<typeof useExport>['run'];
  onClose: () => void;
};

type Scope = { value: string; label: string; count: number; chosen: ChosenContacts };

/** Returns whom the export can be about, the narrowest first. */
function scopes({ query, isFiltered, total, selection }: Props, everyone: number): Scope[] {
  const scope = (value: string, words: string, count: number, chosen: ChosenContacts): Scope => ({
    value,
    label: `${words} (${counted(count, 'contact')})`,
    count,
    chosen,
  });
  return [
    ...(selection.count > 0 ? [scope('selected', 'Selected', selection.count, selection.chosen)] : []),
    ...(isFiltered
      ? [scope('filtered', 'Matching the filters', total, { filter: query.filter, except: [] })]
      : []),
    scope('all', 'All', everyone, { filter: {}, except: [] }),
  ];
}

export function ExportDialog(props: Props) {
  const { query, columns, onExport, onClose } = props;
  const everyone = useAsk('contacts.count', {}).data ?? 0;
  const pulled = useAsk('mirror.askable', {}).data?.fields ?? [];
  const offered = scopes(props, everyone);
  const [scope, setScope] = useState(offered[0]?.value ?? 'all');
  const [which, setWhich] = useState('all');
  const [picked, setPicked] = useState<string[]>(['name', ...query.columns]);
  const [format, setFormat] = useState<ExportFormat>('csv');
  const about = offered.find(({ value }) => value === scope);
  const wanted = { all: [], shown: ['name', ...query.columns], picked }[which] ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!about) return;
    onExport({ ...about.chosen, sort: query.sort, columns: wanted }, format);
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} title="Export contacts" size={480}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Radio.Group label="Contacts" value={scope} onChange={setScope}>
            <Stack gap="xs" mt="xs">
              {offered.map(({ value, label }) => (
                <Radio key={value} value={value} label={label} />
              ))}
            </Stack>
          </Radio.Group>
          <Radio.Group label="Columns" value={which} onChange={setWhich}>
            <Stack gap="xs" mt="xs">
              <Radio value="all" label="All fields" />
              <Radio value="shown" label="Columns in the list" />
              <Radio value="picked" label="Choose columns" />
            </Stack>
          </Radio.Group>
          {which === 'picked' && (
            <MultiSelect
              aria-label="Columns to export"
              searchable
              data={[
                { value: 'name', label: 'Full name' },
                ...columns.map(({ name, label }) => ({ value: name, label })),
                ...pulled.map(({ name, label, group }) => ({ value: name, label: `${label} (${group})` })),
              ]}
              value={picked}
              onChange={setPicked}
            />
          )}
          <div>
            <SegmentedControl
              aria-label="File type"
              data={[
                { value: 'csv', label: 'CSV' },
                { value: 'xlsx', label: 'Excel' },
              ]}
              value={format}
              onChange={(next) => setFormat(next as ExportFormat)}
            />
          </div>
          <DialogButtons
            onCancel={onClose}
            disabled={
              !about ||
              (about.count === 0 && 'There are no contacts to export') ||
              (which === 'picked' && picked.length === 0 && 'Choose at least one column')
            }
          >
            Export {counted(about?.count ?? 0, 'contact')}
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
