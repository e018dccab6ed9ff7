/** Maps a field by its API name: one that no org has described yet, or a parent’s External ID. */
import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import type { Mapping } from './useMapping';

type Props = { mapping: Mapping; text: string; start: string; onClose: () => void };

export function AddFieldDialog({ mapping, text, start, onClose }: Props) {
  const [target, setTarget] = useState(start);
  const [source, setSource] = useState<string | null>(null);
  const [asked] = useDebouncedValue(target.trim(), 250);
  const found = useAsk(
    'mappings.sources',
    { name: mapping.name, target: asked, text },
    { enabled: /^[A-Za-z][\w.]*\w$/.test(asked), keep: true },
  );
  const choices = found.data?.fitting ?? [];
  const add = () => {
    if (!source) return;
    void mapping.edit([{ kind: 'rows', text: source }], `${asked} mapped`, asked);
    onClose();
  };
  return (
    <Dialog opened onClose={onClose} title="Add field by name" size={460}>
      <Stack gap="sm">
        <TextInput
          label="API name of the field"
          description="For example, Budget__c, or Account.Number__c for a parent record. It’s unverified until you connect."
          data-autofocus
          value={target}
          onChange={(event) => {
            setTarget(event.currentTarget.value);
            setSource(null);
          }}
        />
        <Select
          label="Filled from"
          placeholder={asked ? 'Choose a source' : 'Enter the API name first'}
          searchable
          disabled={choices.length === 0}
          data={choices.map((choice) => ({ value: choice.row, label: choice.source.label }))}
          value={source}
          onChange={setSource}
        />
        {found.error && <Trouble error={found.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!source || asked !== target.trim()} onClick={add}>
            Add field
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
