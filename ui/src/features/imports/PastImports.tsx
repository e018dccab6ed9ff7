/** What was brought in before, the newest first. */
import { Anchor } from '@mantine/core';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { count } from '../../components/numbers';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import classes from './ImportScreen.module.css';
import { title } from './OneImport';

const SHOWN = 20;

export function PastImports({ onOpen }: { onOpen: (id: number) => void }) {
  const list = useAsk('imports.list', {});
  if (list.isError) return <Trouble error={list.error} retry={() => void list.refetch()} />;
  const all = list.data?.slice(0, SHOWN) ?? [];
  if (all.length === 0) return null;
  return (
    <Card title="Imports so far">
      <Table
        label="Imports so far"
        heads={[
          { name: 'File' },
          { name: 'When' },
          { name: 'New', number: true },
          { name: 'Changed', number: true },
          { name: 'Faulty', number: true },
        ]}
      >
        {all.map((one) => (
          <tr key={one.id}>
            <td>
              <Anchor component="button" type="button" onClick={() => onOpen(one.id)}>
                {title(one)}
              </Anchor>
              {one.mendable && one.state !== 'undone' && (
                <span className={classes.samples}> has rows to be mended</span>
              )}
            </td>
            <td>
              <Ago at={one.ended_at ?? one.started_at} />
            </td>
            <NumberCell>{count(one.created)}</NumberCell>
            <NumberCell>{count(one.updated)}</NumberCell>
            <NumberCell>{count(one.faulty)}</NumberCell>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
