/** What people are asked, word for word, in versions. */
import { Button, Select, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { PurposeInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Consents.module.css';

export function WordingsCard({ purposes }: { purposes: readonly PurposeInfo[] }) {
  const wordings = useAsk('consents.wordings', {});
  const [adding, setAdding] = useState(false);
  return (
    <Card
      title="Wordings"
      about="The exact text people agree to. Each change is a new version; earlier ones stay."
      aside={
        <Button variant="default" onClick={() => setAdding(true)}>
          Add wording…
        </Button>
      }
    >
      {wordings.isError && <Trouble error={wordings.error} />}
      {wordings.data?.length === 0 && (
        <p className={classes.quiet}>
          No wordings yet. With one, each answer can say what exactly the person agreed to.
        </p>
      )}
      {(wordings.data ?? []).length > 0 && (
        <Table
          label="Wordings"
          heads={[
            { name: 'Purpose' },
            { name: 'Version', number: true },
            { name: 'Since' },
            { name: 'Text' },
          ]}
        >
          {(wordings.data ?? []).map((one) => (
            <tr key={`${one.purpose} ${one.version} ${one.created_at}`}>
              <td>{one.purpose ?? <span className={classes.quiet}>Removed</span>}</td>
              <NumberCell>{one.version}</NumberCell>
              <td>
                <Ago at={one.created_at} />
              </td>
              <td className={`${classes.wording} selectable`}>{one.text}</td>
            </tr>
          ))}
        </Table>
      )}
      {adding && <AddWording purposes={purposes} onClose={() => setAdding(false)} />}
    </Card>
  );
}

type AddProps = { purposes: readonly PurposeInfo[]; onClose: () => void };

function AddWording({ purposes, onClose }: AddProps) {
  const add = useDo('consents.add_wording');
  const [purpose, setPurpose] = useState<string | null>(
    purposes.length === 1 ? (purposes[0]?.path ?? null) : null,
  );
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ purpose: purpose ?? '', text }, { onSuccess: onClose });
  };
  return (
    <Dialog opened onClose={onClose} title="Add wording" size={560}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Wording of"
            data-autofocus
            searchable
            data={purposes.map((one) => one.path)}
            value={purpose}
            onChange={setPurpose}
          />
          <Textarea
            label="Text"
            autosize
            minRows={2}
            maxRows={12}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {add.error && <Trouble error={add.error} />}
          <DialogButtons
            onCancel={onClose}
            busy={add.isPending}
            disabled={(!purpose && 'Choose a purpose') || (!text.trim() && 'Enter the text')}
          >
            Add wording
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
