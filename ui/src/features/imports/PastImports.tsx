/** Earlier imports, the newest first. */
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { NameButton } from '../../components/NameButton';
import { count } from '../../components/numbers';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import { StateChip, title } from './OneImport';

const SHOWN = 20;

export function PastImports({ onOpen }: { onOpen: (id: number) => void }) {
  const list = useAsk('imports.list', {});
  if (list.isError) return <Trouble error={list.error} retry={() => void list.refetch()} />;
  const all = list.data?.slice(0, SHOWN) ?? [];
  if (all.length === 0) return null;
  return (
    <Card title="Recent imports">
      <Table
        label="Recent imports"
        heads={[
          { name: 'File' },
          { name: 'When' },
          { name: 'New', number: true },
          { name: 'Updated', number: true },
          { name: 'Invalid', number: true },
        ]}
      >
        {all.map((one) => (
          <tr key={one.id}>
            <td>
              <NameButton onOpen={() => onOpen(one.id)}>{title(one)}</NameButton> <StateChip one={one} />{' '}
              {one.mendable && <Chip tone="look">Has rows to fix</Chip>}
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
