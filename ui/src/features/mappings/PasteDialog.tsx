/** Rows pasted as text: what each line would change, before it is applied. */
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { counted } from '../../components/numbers';
import { sentence, Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import classes from './MappingGrid.module.css';
import type { Mapping } from './useMapping';

type Props = { mapping: Mapping; text: string; pasted: string; onClose: () => void };

export function PasteDialog({ mapping, text, pasted, onClose }: Props) {
  const [typed, setTyped] = useState(pasted);
  const [settled] = useDebouncedValue(typed, 200);
  const found = useAsk(
    'mappings.paste',
    { name: mapping.name, text, pasted: settled },
    { enabled: settled.trim() !== '', keep: true },
  );
  const lines = settled.trim() ? (found.data?.lines ?? []) : [];
  const rows = lines.length > 0 ? (found.data?.rows ?? '') : '';
  const set = lines.filter((line) => !line.finding && !line.same).length;
  return (
    <Dialog opened onClose={onClose} title="Paste rows" size={640}>
      <Stack gap="sm">
        <Textarea
          label="Rows"
          description="One on each line: contact field = Salesforce field. For example, email = Email."
          autosize
          minRows={4}
          maxRows={10}
          data-autofocus
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
        {lines.length > 0 && (
          <ul className={classes.pasted} aria-label="What would be set">
            {lines.map((line) => (
              <li key={line.line} className={line.finding ? classes.failText : undefined}>
                <strong>{line.label || line.text}</strong>{' '}
                {line.finding
                  ? `${sentence(line.finding.message)} ${sentence(line.finding.cure)}`
                  : line.same
                    ? 'is already mapped like this'
                    : `filled from ${line.source?.label ?? 'nothing'}${line.before ? ` instead of ${line.before.label}` : ''}`}
              </li>
            ))}
          </ul>
        )}
        {found.error && <Trouble error={found.error} />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={set === 0 || settled !== typed}
            onClick={() => {
              void mapping.edit([{ kind: 'rows', text: rows }], `${counted(set, 'row')} pasted`, null);
              onClose();
            }}
          >
            Apply {counted(set, 'row')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
