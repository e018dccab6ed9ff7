/** One contact: its fields, to be changed in place, its points and why, its records, and what was sent. */
import { Anchor, Button } from '@mantine/core';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { Chip } from '../../components/Chip';
import { FieldInPlace } from '../../components/FieldInPlace';
import { Panel, PanelPart } from '../../components/Panel';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import type { ContactCard } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Activities } from './Activities';
import { Consents } from './Consents';
import classes from './ContactsScreen.module.css';
import { EraseDialog } from './EraseDialog';

type Props = { guid: string; onClose: () => void };

export function ContactPanel({ guid, onClose }: Props) {
  const card = useAsk('contacts.show', { contact: guid });
  return (
    <Panel label="Contact" head={<strong>{card.data?.name}</strong>} onClose={onClose}>
      {card.isError && <Trouble error={card.error} retry={() => void card.refetch()} />}
      {card.isPending && <Rows />}
      {card.data && <Card card={card.data} onClose={onClose} />}
    </Panel>
  );
}

function Card({ card, onClose }: { card: ContactCard; onClose: () => void }) {
  const remove = useDo('contacts.delete');
  const [erasing, setErasing] = useState(false);
  const undo = useDo('contacts.undo');
  const open = useDo('shell.open');
  const unlink = useDo('links.remove');
  return (
    <>
      {card.do_not_send && (
        <p>
          <Chip tone="look">Do not send</Chip> Nothing about this contact leaves this computer.
        </p>
      )}
      {card.deleted_at && (
        <p>
          <Chip tone="idle">Deleted</Chip> It comes back through Undo, within 30 days.
        </p>
      )}
      <PanelPart title="Fields">
        <Fields card={card} />
      </PanelPart>
      {card.accounts.length > 0 && (
        <PanelPart title="Accounts">
          <ul className={classes.why}>
            {card.accounts.map(([account, role]) => (
              <li key={account}>
                {account} <span className={classes.quiet}>{role}</span>
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      {card.scores.length > 0 && (
        <PanelPart title="Scores">
          {card.scores.map((score) => (
            <div key={score.name}>
              <strong>
                {score.name} <span className="num">{score.points}</span>
              </strong>
              <ul className={classes.why}>
                {score.why
                  .filter((rule) => rule.points !== 0)
                  .map((rule) => (
                    <li key={rule.name} title={rule.says}>
                      {rule.name} <span className="num">{rule.points}</span>
                      {rule.since !== null && (
                        <span className={classes.quiet}>
                          {' '}
                          since <Ago at={rule.since} />
                        </span>
                      )}
                      {rule.changes_at !== null && (
                        <span className={classes.quiet}>
                          {' '}
                          until <Ago at={rule.changes_at} />
                        </span>
                      )}
                    </li>
                  ))}
              </ul>
            </div>
          ))}
        </PanelPart>
      )}
      {card.segments.length > 0 && (
        <PanelPart title="Segments">
          <ul className={classes.why}>
            {card.segments.map((segment) => (
              <li key={segment.name}>
                {segment.name}{' '}
                <Chip tone={segment.status === 'realized' ? 'done' : 'idle'}>
                  {segment.status === 'realized' ? 'In it' : 'Has left it'}
                </Chip>{' '}
                <span className={classes.quiet}>
                  since <Ago at={segment.since} />
                </span>
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      <Consents card={card} />
      <Activities card={card} />
      <PanelPart title="In Salesforce" sunken>
        {card.links.length === 0 && <p className={classes.quiet}>Not linked to a record.</p>}
        {card.links.map((link) => (
          <p key={link.record_id}>
            {link.object} <span className="mono selectable">{link.record_id}</span>{' '}
            {link.state !== 'linked' && <Chip tone="look">{link.state}</Chip>}{' '}
            {link.address && (
              <Anchor
                component="button"
                type="button"
                onClick={() => open.mutate({ address: link.address ?? '' })}
              >
                Open in Salesforce
              </Anchor>
            )}{' '}
            <Anchor
              component="button"
              type="button"
              onClick={() =>
                unlink.mutate(
                  {
                    contact: card.guid,
                    object: link.object,
                    ...(link.connection ? { connection: link.connection } : {}),
                  },
                  {
                    onSuccess: () =>
                      say('The link is removed. The record stays; a plan may find it again by its mark.'),
                  },
                )
              }
            >
              Remove the link
            </Anchor>
          </p>
        ))}
        {unlink.error && <Trouble error={unlink.error} />}
        {card.queue
          .filter((entry) => entry.reason !== null)
          .map((entry) => (
            <p key={entry.replication}>
              <Chip tone="look">{entry.replication}</Chip> {sentence(entry.reason?.message ?? '')}
            </p>
          ))}
      </PanelPart>
      {card.sends.length > 0 && (
        <PanelPart title="Sends">
          {card.sends.map((send) => (
            <p key={`${send.run} ${send.at}`}>
              {send.replication}: {send.outcome} <Ago at={send.at} /> {send.reason && sentence(send.reason)}
            </p>
          ))}
        </PanelPart>
      )}
      <PanelPart title="Remove">
        <p className={classes.quiet}>The records in Salesforce stay. It can be undone for 30 days.</p>
        {remove.error && <Trouble error={remove.error} />}
        <Button
          size="xs"
          variant="default"
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(
              { contacts: [card.guid] },
              {
                onSuccess: (act) => {
                  offerUndo(`${card.name || 'The contact'} was deleted.`, () => undo.mutate({ act }));
                  onClose();
                },
              },
            )
          }
        >
          Delete the contact
        </Button>{' '}
        <Button size="xs" variant="default" onClick={() => setErasing(true)}>
          Erase for good…
        </Button>
        {erasing && <EraseDialog card={card} onClose={() => setErasing(false)} onErased={onClose} />}
      </PanelPart>
    </>
  );
}

function Fields({ card }: { card: ContactCard }) {
  const fields = useAsk('contacts.fields', {});
  const set = useDo('contacts.set');
  const undo = useDo('contacts.set');
  if (!fields.data) return <Rows count={4} />;
  const named = fields.data.filter((field) => field.writable);
  return (
    <>
      {set.error && <Trouble error={set.error} />}
      {named.map((field) => {
        const value = card.fields[field.name];
        const was = value === undefined || value === null ? '' : String(value);
        return (
          <FieldInPlace
            key={`${field.name} ${was}`}
            label={field.label}
            was={was}
            onSave={(text) =>
              set.mutate(
                { contact: card.guid, fields: { [field.name]: text } },
                {
                  onSuccess: () =>
                    offerUndo(`${field.label} changed.`, () =>
                      undo.mutate({ contact: card.guid, fields: { [field.name]: was } }),
                    ),
                },
              )
            }
          />
        );
      })}
    </>
  );
}
