/** The whole mapping as text, to copy or replace. */
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { Trouble } from '../../components/Trouble';
import { useDo } from '../../ipc/queries';

type Props = { name: string; text: string; onClose: () => void };

export function TextDialog({ name, text, onClose }: Props) {
  const [typed, setTyped] = useState(text);
  const replace = useDo('mappings.import');
  return (
    <Dialog opened onClose={onClose} title={`Mapping of ${name} as text`} size={760}>
      <Stack gap="sm">
        <Textarea
          aria-label="Mapping"
          autosize
          minRows={12}
          maxRows={22}
          data-autofocus
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
        {replace.error && <Trouble error={replace.error} focus />}
        <Group justify="space-between">
          <CopyAll text={typed} />
          <Group gap="sm">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button
              disabled={typed === text}
              loading={replace.isPending}
              onClick={() => replace.mutate({ name, text: typed }, { onSuccess: onClose })}
            >
              Replace mapping
            </Button>
          </Group>
        </Group>
      </Stack>
    </Dialog>
  );
}

function CopyAll({ text }: { text: string }) {
  const clipboard = useClipboard({ timeout: 2000 });
  return (
    <Button variant="default" onClick={() => clipboard.copy(text)}>
      {clipboard.copied ? 'Copied' : 'Copy all'}
    </Button>
  );
}
