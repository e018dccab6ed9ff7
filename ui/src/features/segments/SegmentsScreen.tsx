/** The segments: whom each means, and how many that are. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import classes from './Segments.module.css';

export function SegmentsScreen() {
  const list = useAsk('segments.list', {});
  const add = (
    <Button component={Link} to="/new-segment" leftSection={<IconPlus size={16} stroke={1.75} />}>
      New segment
    </Button>
  );
  return (
    <Page
      title="Segments"
      about="Whom you mean, said once and kept up to date"
      actions={list.data?.length ? add : undefined}
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.length === 0 && (
        <Empty title="No segment yet" action={add}>
          A segment says by rules whom you mean: by fields, points, what they did, and what Salesforce knows.
          A replication can take those in it, and tell Salesforce who joins and who leaves.
        </Empty>
      )}
      {list.data && list.data.length > 0 && (
        <Table
          label="Segments"
          heads={[{ name: 'Name' }, { name: 'Who' }, { name: 'Members', number: true }, { name: 'Counted' }]}
        >
          {list.data.map((segment) => (
            <tr key={segment.name}>
              <td>
                <Link to="/segments/$name" params={{ name: segment.name }} className={classes.name}>
                  {segment.name}
                </Link>
              </td>
              <td className={classes.says}>{segment.says ?? <Chip tone="idle">Fixed members</Chip>}</td>
              <NumberCell>{count(segment.members)}</NumberCell>
              <td>
                {segment.calculated_at ? <Ago at={Date.parse(segment.calculated_at)} /> : 'Not counted yet'}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  );
}
