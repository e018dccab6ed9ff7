/** What an erase leaves to the user: places of their own making that still name the contact, each with a way there. */
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Dialog } from '../../components/Dialog';
import type { ErasedInfo, KeptMention } from '../../ipc/bindings';

type Props = { title: string; erased: ErasedInfo; onClose: () => void };

/** Tells whether an erase leaves anything to the user. */
export function hasMoreToSay(erased: ErasedInfo): boolean {
  return erased.mentions.length > 0 || erased.files.length > 0 || erased.unfinished !== null;
}

export function Erased({ title, erased, onClose }: Props) {
  const left = erased.mentions.length + erased.files.length > 0;
  return (
    <Dialog opened onClose={onClose} title={title} size={520}>
      {erased.unfinished !== null && (
        <p>
          Some steps are still open: {erased.unfinished}. Leadferry finishes them the next time this workspace
          opens.
        </p>
      )}
      {left && <p>These still name the contact. Only you can decide what to do with them.</p>}
      <ul className="selectable">
        {erased.mentions.map((mention) => (
          <li key={`${mention.place} ${mention.guid ?? mention.name} ${mention.part}`}>
            {mention.label} <Way to={mention} onClick={onClose} /> ({mention.part})
          </li>
        ))}
        {erased.files.map((file) => (
          <li key={file}>File {file}</li>
        ))}
      </ul>
      {erased.more_mentions > 0 && <p>And {erased.more_mentions} more.</p>}
      {erased.mentions.length > 0 && (
        <p>
          Until you change these, history and new backups keep what they say. After that, choose Erase traces
          on the{' '}
          <Link to="/security" onClick={onClose}>
            Security
          </Link>{' '}
          page.
        </p>
      )}
      <Button onClick={onClose}>Done</Button>
    </Dialog>
  );
}

function Way({ to: mention, onClick }: { to: KeptMention; onClick: () => void }) {
  const { name, guid } = mention;
  switch (mention.place) {
    case 'contact':
      return (
        <Link to="/contacts" search={guid ? { open: guid } : {}} onClick={onClick}>
          {name}
        </Link>
      );
    case 'score':
      return (
        <Link to="/scores/$name" params={{ name }} onClick={onClick}>
          {name}
        </Link>
      );
    case 'segment':
      return (
        <Link to="/segments/$name" params={{ name }} onClick={onClick}>
          {name}
        </Link>
      );
    case 'mapping':
      return (
        <Link to="/replications/$name/$tab" params={{ name, tab: 'mapping' }} onClick={onClick}>
          {name}
        </Link>
      );
    case 'replication':
      return (
        <Link to="/replications/$name" params={{ name }} onClick={onClick}>
          {name}
        </Link>
      );
    default:
      return (
        <Link to={SCREENS[mention.place]} onClick={onClick}>
          {name}
        </Link>
      );
  }
}

/** The screens on which the other places are changed. */
const SCREENS = {
  account: '/accounts',
  activity_type: '/activities',
  connection: '/connections',
  custom_field: '/contacts',
  email_list: '/segments',
  pull: '/pulls',
  purpose: '/consents',
  consent_history: '/consents',
  wording: '/consents',
  search: '/search',
  workspace: '/settings',
} as const;
