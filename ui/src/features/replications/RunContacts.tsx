/** The contacts that a run created, updated or left unchanged, page by page. */
import { useState } from 'react';
import { NameButton } from '../../components/NameButton';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { RunContact, RunPart } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { Pager } from './Pager';
import run from './Run.module.css';

type Props = {
  id: number;
  part: RunPart;
  /** How many there are, as the run counts them. */
  total: number;
  open: string | null;
  onOpen: (contact: RunContact) => void;
};

const LIMIT = 50;

const none: Record<RunPart, string> = {
  created: 'No records were created in this run.',
  updated: 'No records were updated in this run.',
  unchanged: 'No contacts were unchanged in this run.',
};

export function RunContacts({ id, part, total, open, onOpen }: Props) {
  // Where each page but the first begins; the last of them is shown.
  const [pages, setPages] = useState<readonly string[]>([]);
  const after = pages.at(-1);
  const page = useAsk(
    'runs.contacts',
    { run: id, part, ...(after === undefined ? {} : { after }), limit: LIMIT },
    { keep: true },
  );
  if (page.isError) return <Trouble error={page.error} retry={() => void page.refetch()} />;
  if (page.isPending) return <Rows />;
  const { contacts, next } = page.data;
  if (total === 0) return <p className={run.quiet}>{none[part]}</p>;
  if (contacts.length === 0) {
    return <p className={run.quiet}>Unchanged contacts are only listed for the latest run.</p>;
  }
  return (
    <>
      <Table label={`Contacts ${part}`} heads={[{ name: 'Contact' }, { name: 'Email' }, { name: 'Company' }]}>
        {contacts.map((one) => (
          <tr key={one.contact} aria-current={one.contact === open || undefined}>
            <td>
              <NameButton onOpen={() => onOpen(one)}>{one.name}</NameButton>
            </td>
            <td className="selectable">{one.email}</td>
            <td>{one.company}</td>
          </tr>
        ))}
      </Table>
      {(next !== null || pages.length > 0) && (
        <Pager
          label={`Pages: contacts ${part}`}
          pages={pages}
          onPages={setPages}
          next={next}
          limit={LIMIT}
          shown={contacts.length}
          total={Math.max(total, contacts.length)}
        />
      )}
    </>
  );
}
