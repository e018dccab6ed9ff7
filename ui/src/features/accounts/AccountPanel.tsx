/** One account: its fields, changed in place, and its contacts with their roles. */
import { ActionIcon, Button, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { FieldInPlace } from '../../components/FieldInPlace';
import { Panel, PanelPart } from '../../components/Panel';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type { AccountCard, Member } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { roleWords } from '../../words/roles';
import classes from './Accounts.module.css';
import { AddMember } from './AddMember';

const labels: readonly [string, string][] = [
  ['name', 'Name'],
  ['website', 'Website'],
  ['phone', 'Phone'],
  ['street', 'Street'],
  ['city', 'City'],
  ['state', 'State'],
  ['postal_code', 'Postal code'],
  ['country', 'Country'],
  ['industry', 'Industry'],
  ['notes', 'Notes'],
];

const roles = Object.entries(roleWords).map(([value, label]) => ({ value, label }));

type Props = { account: number; onClose: () => void };

export function AccountPanel({ account, onClose }: Props) {
  const card = useAsk('accounts.show', { account });
  return (
    <Panel label="Account" head={<strong>{card.data?.fields.name}</strong>} onClose={onClose}>
      {card.isError && <Trouble error={card.error} retry={() => void card.refetch()} />}
      {card.isPending && <Rows />}
      {card.data && (
        <>
          <Fields card={card.data} />
          <Members card={card.data} />
          <Remove card={card.data} onRemoved={onClose} />
        </>
      )}
    </Panel>
  );
}

function Fields({ card }: { card: AccountCard }) {
  const set = useDo('accounts.set');
  const put = (field: string, text: string) =>
    set.mutateAsync({ account: card.id, fields: { [field]: text } });
  return (
    <PanelPart title="Fields">
      {set.error && <Trouble error={set.error} />}
      {labels.map(([field, label]) => {
        const was = card.fields[field] ?? '';
        return (
          <FieldInPlace
            key={`${field} ${was}`}
            label={label}
            was={was}
            onSave={(text) =>
              set.mutate(
                { account: card.id, fields: { [field]: text } },
                { onSuccess: () => offerUndo(`${label} changed.`, () => void put(field, was)) },
              )
            }
          />
        );
      })}
    </PanelPart>
  );
}

function Members({ card }: { card: AccountCard }) {
  const join = useDo('accounts.join');
  const put = (member: Member, role: string | undefined) =>
    join.mutate({ account: card.id, contact: member.guid, ...(role ? { role } : {}) });
  const takeOut = (member: Member) =>
    join.mutate(
      { account: card.id, contact: member.guid },
      {
        onSuccess: () =>
          offerUndo(`${member.name} removed from the account.`, () => put(member, member.role)),
      },
    );
  return (
    <PanelPart title="Contacts">
      {join.error && <Trouble error={join.error} />}
      {card.members.length === 0 && <p className={classes.quiet}>This account has no contacts yet.</p>}
      <ul className={classes.members}>
        {card.members.map((member) => (
          <li key={member.guid}>
            <Link to="/contacts" search={{ open: member.guid }} className={classes.member}>
              {member.name}
            </Link>
            <Select
              size="xs"
              aria-label={`Role of ${member.name}`}
              allowDeselect={false}
              data={roles}
              value={member.role}
              onChange={(role) => role && put(member, role)}
            />
            <ActionIcon aria-label={`Remove ${member.name} from the account`} onClick={() => takeOut(member)}>
              <IconX size={14} stroke={1.75} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <AddMember account={card.id} />
    </PanelPart>
  );
}

function Remove({ card, onRemoved }: { card: AccountCard; onRemoved: () => void }) {
  const remove = useDo('accounts.delete');
  const [sure, setSure] = useState(false);
  return (
    <PanelPart title="Delete account">
      <p className={classes.quiet}>
        {sure
          ? 'This deletes the fields of the account. You can’t undo it. Its contacts stay.'
          : 'Its contacts stay.'}
      </p>
      {remove.error && <Trouble error={remove.error} />}
      {sure ? (
        <div className={classes.buttons}>
          <Button size="xs" variant="default" onClick={() => setSure(false)}>
            Cancel
          </Button>
          <Button
            size="xs"
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate({ account: card.id }, { onSuccess: onRemoved })}
          >
            Delete account
          </Button>
        </div>
      ) : (
        <Button size="xs" variant="default" onClick={() => setSure(true)}>
          Delete account…
        </Button>
      )}
    </PanelPart>
  );
}
