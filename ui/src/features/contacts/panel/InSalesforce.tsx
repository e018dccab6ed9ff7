/** The contact in Salesforce: their records, where they wait or are blocked and the cure, and the last sends. */
import { ActionIcon, Anchor } from '@mantine/core';
import { IconExternalLink, IconUnlink } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { Ago } from '../../../components/Ago';
import { Chip } from '../../../components/Chip';
import { counted } from '../../../components/numbers';
import { PanelPart } from '../../../components/Panel';
import type { ContactCard, ContactFollowed, ContactLink, ContactQueueEntry } from '../../../ipc/bindings';
import { useAsk, useDo } from '../../../ipc/queries';
import { entryWords } from '../../../words/sending';
import classes from './Panel.module.css';
import { Send } from './Send';
import { Unlink } from './Unlink';

/** Why the contact is blocked, possible matches, and the buttons that solve it; handed in by the app. */
export type CuresProps = {
  entry: ContactQueueEntry;
  contact: string;
  /** Where the contact itself is to be corrected. */
  onEdit: () => void;
};

type Props = {
  card: ContactCard;
  Cures: ComponentType<CuresProps>;
  /** One of these fields is to be filled in. */
  onFix: (fields: readonly string[]) => void;
};

const SHOWN = 3;

/** What has become of a record, where the link does not simply hold. */
const linkWords: Record<string, string> = { deleted: 'Deleted in Salesforce', converted: 'Converted' };

export function InSalesforce({ card, Cures, onFix }: Props) {
  const [all, setAll] = useState(false);
  const timeZone = useAsk('workspaces.current', {}).data?.time_zone ?? 'UTC';
  // Why somebody is blocked now stands above, with the cure.
  const now = card.queue.map(({ reason }) => reason?.message);
  const past = card.sends.filter((send) => send.outcome !== 'blocked' || !now.includes(send.reason));
  const sends = all ? past : past.slice(0, SHOWN);
  return (
    <PanelPart title="In Salesforce" sunken>
      {card.links.length === 0 && card.queue.length === 0 && (
        <p className={classes.quiet}>
          {card.do_not_send ? 'Leadferry doesn’t send this contact.' : 'Not sent yet.'}
        </p>
      )}
      {card.links.map((link) => (
        <Record key={link.record_id} link={link} contact={card.guid} />
      ))}
      {card.followed.map((followed) => (
        <div key={`${followed.record_id} ${followed.at}`} className={classes.line}>
          <span>{followedWords(followed)}</span>
          <span className={`${classes.quiet} ${classes.push}`}>
            <Ago at={followed.at} />
          </span>
        </div>
      ))}
      {card.queue.map((entry) => (
        <Standing key={entry.replication} entry={entry}>
          {entry.reason && <Cures entry={entry} contact={card.guid} onEdit={() => onFix(entry.fields)} />}
        </Standing>
      ))}
      {sends.length > 0 && <h3 className={classes.sub}>Last sends</h3>}
      {sends.map((send) => (
        <Send key={`${send.run} ${send.at}`} send={send} timeZone={timeZone} />
      ))}
      {past.length > SHOWN && (
        <Anchor component="button" type="button" className={classes.moreSends} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show ${counted(past.length - SHOWN, 'more send')}`}
        </Anchor>
      )}
    </PanelPart>
  );
}

/** Says what became of a record in Salesforce. */
function followedWords({ how, object, lead }: ContactFollowed): string {
  if (how === 'merged') return 'The record was merged in Salesforce. The link followed.';
  return lead
    ? `The lead was converted. The link followed to the ${object.toLowerCase()}.`
    : 'The lead was converted.';
}

function Record({ link, contact }: { link: ContactLink; contact: string }) {
  const open = useDo('shell.open');
  const [unlinking, setUnlinking] = useState(false);
  return (
    <div className={classes.record}>
      <span>{link.object}</span>
      <span className={`mono selectable ${classes.recordId}`}>{link.record_id}</span>
      {link.state !== 'linked' && <Chip tone="look">{linkWords[link.state] ?? link.state}</Chip>}
      <span className={classes.push}>
        {link.address && (
          <Anchor
            component="button"
            type="button"
            className={classes.open}
            onClick={() => open.mutate({ address: link.address ?? '' })}
          >
            Open {link.object.toLowerCase()} <IconExternalLink size={14} stroke={1.75} aria-hidden />
          </Anchor>
        )}
        <ActionIcon aria-label={`Unlink ${link.object.toLowerCase()}`} onClick={() => setUnlinking(true)}>
          <IconUnlink size={14} stroke={1.75} />
        </ActionIcon>
      </span>
      {unlinking && <Unlink link={link} contact={contact} onClose={() => setUnlinking(false)} />}
    </div>
  );
}

function Standing({ entry, children }: { entry: ContactQueueEntry; children: React.ReactNode }) {
  const { word, tone } = entryWords[entry.state];
  return (
    <div className={classes.standing} role="group" aria-label={entry.replication}>
      <div className={classes.line}>
        <Chip tone={tone} bare={tone === 'idle' || tone === 'done'}>
          {word}
        </Chip>
        <span>{entry.replication}</span>
        <span className={`${classes.quiet} ${classes.push}`}>
          <Ago at={entry.since} />
        </span>
      </div>
      {entry.state === 'pending' && !entry.reason && (
        <p className={classes.quiet}>The next run sends this contact.</p>
      )}
      {children}
    </div>
  );
}
