/** The segments: their rules, and how many contacts match. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { asHere } from '../../components/asHere';
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
      about="Groups of contacts that update themselves"
      actions={list.data?.length ? add : undefined}
    >
      {list.isError && <Trouble error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Rows />}
      {list.data?.length === 0 && (
        <Empty title="No segments yet" action={add}>
          A segment groups contacts by rules: fields, scores, activities, consent and Salesforce records. Use
          it to choose who a replication sends, and to sync membership to Salesforce.
        </Empty>
      )}
      {list.data && list.data.length > 0 && (
        <Table
          label="Segments"
          heads={[
            { name: 'Name' },
            { name: 'Rules' },
            { name: 'Members', number: true },
            { name: 'Calculated' },
          ]}
        >
          {list.data.map((segment) => (
            <tr key={segment.name}>
              <td>
                <Link to="/segments/$name" params={{ name: segment.name }} className={classes.name}>
                  {segment.name}
                </Link>
              </td>
              <td className={classes.says}>
                {segment.unread ? (
                  <Chip tone="fail">Rules can’t be read</Chip>
                ) : segment.says ? (
                  <>
                    {segment.unfit && <Chip tone="fail">Rules can’t be used</Chip>} {asHere(segment.says)}
                  </>
                ) : (
                  <Chip tone="idle">Fixed members</Chip>
                )}
              </td>
              <NumberCell>{count(segment.members)}</NumberCell>
              <td>
                {segment.calculated_at ? (
                  <Ago at={Date.parse(segment.calculated_at)} />
                ) : (
                  'Not calculated yet'
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Page>
  );
}
