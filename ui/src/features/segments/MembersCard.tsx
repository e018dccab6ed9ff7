/** The members of a segment, a page at a time; fixed members are added and removed here. */
import { ActionIcon, Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { counted } from '../../components/numbers';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import type { SegmentCard, SegmentMember } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { ContactPicker, type Picked } from './ContactPicker';
import classes from './Segments.module.css';

const PAGE = 25;

export function MembersCard({ segment: card }: { segment: SegmentCard }) {
  const { name: segment, members } = card;
  const isFixed = card.tree === null && !card.unread;
  const [shown, setShown] = useState(PAGE);
  const page = useAsk('segments.members', { segment, limit: shown }, { keep: true });
  const { add, remove, error } = useFixedMembers(segment);
  const list = page.data?.members ?? [];
  return (
    <Card
      title="Members"
      about={counted(members, 'contact')}
      aside={isFixed && <ContactPicker label="Add a contact" placeholder="Add a contact" onPick={add} />}
    >
      {page.isError && <Trouble error={page.error} retry={() => void page.refetch()} />}
      {error && <Trouble error={error} focus />}
      {list.length === 0 && page.data && (
        <p className={classes.quiet}>
          {isFixed ? 'No members yet. Add contacts above.' : 'No contacts match these rules.'}
        </p>
      )}
      {list.length > 0 && (
        <Table
          label="Members"
          heads={[
            { name: 'Name' },
            { name: 'Email' },
            { name: 'Company' },
            { name: 'Joined' },
            ...(isFixed ? [{ name: 'Remove', hidden: true }] : []),
          ]}
        >
          {list.map((one) => (
            <Member key={one.guid} one={one} onRemove={isFixed ? () => remove(one) : null} />
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

function useFixedMembers(segment: string) {
  const set = useDo('segments.set_members');
  const put = (guid: string, status: 'realized' | 'exited', done: (moved: number) => void) =>
    set.mutate({ segment, contacts: [guid], status }, { onSuccess: done });
  const join = (guid: string) => put(guid, 'realized', () => {});
  return {
    error: set.error,
    add: ({ guid, name }: Picked) =>
      put(guid, 'realized', (moved) => say(moved > 0 ? `${name} added.` : `${name} is already a member.`)),
    remove: (one: SegmentMember) =>
      put(one.guid, 'exited', () => offerUndo(`${nameOf(one)} removed.`, () => join(one.guid))),
  };
}

function Member({ one, onRemove }: { one: SegmentMember; onRemove: (() => void) | null }) {
  return (
    <tr>
      <td>
        <Link to="/contacts" search={{ open: one.guid }} className={classes.name}>
          {nameOf(one)}
        </Link>
      </td>
      <td>{one.email}</td>
      <td>{one.company}</td>
      <td className={classes.when}>{one.since !== null && <Ago at={one.since} />}</td>
      {onRemove && (
        <td className={classes.end}>
          <ActionIcon aria-label={`Remove ${nameOf(one)}`} onClick={onRemove}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </td>
      )}
    </tr>
  );
}

function nameOf({ name, email }: SegmentMember): string {
  return name || email || 'No name';
}
