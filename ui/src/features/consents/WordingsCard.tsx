/** What people are asked, word for word, in versions. */
import { Button, Select, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { PurposeInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Consents.module.css';

export function WordingsCard({ purposes }: { purposes: readonly PurposeInfo[] }) {
  const wordings = useAsk('consents.wordings', {});
  const add = useDo('consents.add_wording');
  const [purpose, setPurpose] = useState<string | null>(null);
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ purpose: purpose ?? '', text }, { onSuccess: () => setText('') });
  };
  return (
    <Card
      title="Wordings"
      about="The exact text people agree to. Each change is a new version; earlier ones stay."
    >
      {wordings.isError && <Trouble error={wordings.error} />}
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
      <form onSubmit={submit}>
        <Stack gap="sm">
          <div className={classes.form}>
            <Select
              label="Wording of"
              searchable
              data={purposes.map((one) => one.path)}
              value={purpose}
              onChange={setPurpose}
            />
          </div>
          <Textarea
            label="Text"
            autosize
            minRows={2}
            maxRows={12}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {add.error && <Trouble error={add.error} />}
          <div>
            <Button
              type="submit"
              variant="default"
              disabled={!purpose || !text.trim()}
              loading={add.isPending}
            >
              Add wording
            </Button>
          </div>
        </Stack>
      </form>
    </Card>
  );
}
