/** Who is in a segment, a page at a time. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import classes from './Segments.module.css';

const PAGE = 25;

export function MembersCard({ segment, members }: { segment: string; members: number }) {
  const [shown, setShown] = useState(PAGE);
  const page = useAsk('segments.members', { segment, limit: shown }, { keep: true });
  const list = page.data?.members ?? [];
  return (
    <Card title="Members" about={`${counted(members, 'contact')}, as last counted`}>
      {page.isError && <Trouble error={page.error} retry={() => void page.refetch()} />}
      {list.length === 0 && page.data && <p className={classes.quiet}>Nobody is in it.</p>}
      {list.length > 0 && (
        <Table
          label="Members"
          heads={[{ name: 'Name' }, { name: 'E-mail' }, { name: 'Company' }, { name: 'Since' }]}
        >
          {list.map((one) => (
            <tr key={one.guid}>
              <td>
                <Link to="/contacts" search={{ open: one.guid }} className={classes.name}>
                  {one.name || 'No name'}
                </Link>
              </td>
              <td>{one.email}</td>
              <td>{one.company}</td>
              <td>{one.since !== null && <Ago at={one.since} />}</td>
            </tr>
          ))}
        </Table>
      )}
      {page.data?.next && (
        <Button size="xs" mt="xs" variant="default" onClick={() => setShown(shown + 4 * PAGE)}>
          Show more
        </Button>
      )}
    </Card>
  );
}
