/** Pairs of a contact and a record that are probably one person: proposed with reasons, linked only when confirmed. */
import { Button, Checkbox, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count, counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { NumberCell, Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { LinkPair, LinksConfirmed } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Links.module.css';

const keyOf = ({ contact, record_id }: LinkPair) => `${contact} ${record_id}`;

export function FindLinksScreen() {
  const connections = (useAsk('connections.list', {}).data ?? []).filter(({ org_id }) => org_id !== null);
  const [chosen, setChosen] = useState<string | null>(null);
  const connection = chosen ?? connections[0]?.name ?? '';
  const [pairs, setPairs] = useState<LinkPair[] | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const find = useDo('links.find');
  const confirm = useDo('links.confirm');
  const look = (after?: number) =>
    find.mutate(
      { connection, ...(after === undefined ? {} : { after }) },
      {
        onSuccess: (found) => {
          setPairs((before) => [...(after === undefined ? [] : (before ?? [])), ...found.pairs]);
          if (after === undefined) setTicked(new Set());
        },
      },
    );
  const all = pairs ?? [];
  const certain = all.filter((pair) => pair.certain);
  const selected = all.filter((pair) => ticked.has(keyOf(pair)));
  const link = (wanted: readonly LinkPair[]) =>
    confirm.mutate(
      { connection, pairs: wanted.map(({ contact, record_id }) => ({ contact, record_id })) },
      {
        onSuccess: (done) => {
          const refused = new Set(done.refused.map(({ contact, record_id }) => `${contact} ${record_id}`));
          const gone = new Set(wanted.map(keyOf).filter((key) => !refused.has(key)));
          setPairs((before) => (before ?? []).filter((pair) => !gone.has(keyOf(pair))));
          setTicked(new Set());
          const later =
            done.without_id > 0
              ? ' The next update writes the Leadferry ID once Salesforce has the field.'
              : '';
          say(`Linked ${counted(done.linked, 'contact')} with ${counted(done.calls, 'API call')}.${later}`);
        },
      },
    );
  const toggle = (pair: LinkPair) => {
    const next = new Set(ticked);
    if (!next.delete(keyOf(pair))) next.add(keyOf(pair));
    setTicked(next);
  };
  return (
    <Page
      title="Find links"
      parent={{ title: 'Pulls', to: '/pulls' }}
      about="Match contacts with records that are already in Salesforce"
      actions={
        <Button loading={find.isPending} disabled={!connection} onClick={() => look()}>
          Find links
        </Button>
      }
    >
      {connections.length > 1 && (
        <Select
          label="Connection"
          className={classes.connection}
          allowDeselect={false}
          data={connections.map(({ name }) => name)}
          value={connection}
          onChange={(name) => {
            setChosen(name);
            setPairs(null);
          }}
        />
      )}
      {find.error && <Trouble error={find.error} retry={() => look()} />}
      {pairs === null && !find.isPending && !find.error && (
        <Empty title="Who is in Salesforce already?">
          Leadferry compares contacts without a record with the leads and contacts that pulls have read, by
          email, name and company. Nothing is linked until you confirm.
        </Empty>
      )}
      {confirm.error && <Trouble error={confirm.error} />}
      {confirm.data && <Refused done={confirm.data} />}
      {find.data && !find.data.mirrored && (
        <p className={classes.quiet}>
          No leads or contacts were pulled from this org yet. <Link to="/pulls">Add a pull</Link> first.
        </p>
      )}
      {pairs && all.length === 0 && find.data?.mirrored && <p className={classes.quiet}>No pairs found.</p>}
      {all.length > 0 && (
        <>
          <div className={classes.bar}>
            <Button disabled={certain.length === 0} loading={confirm.isPending} onClick={() => link(certain)}>
              Link {counted(certain.length, 'certain pair')}
            </Button>
            <Button
              variant="default"
              disabled={selected.length === 0}
              loading={confirm.isPending}
              onClick={() => link(selected)}
            >
              Link {count(selected.length)} selected
            </Button>
            <span className={classes.quiet}>Linking writes the Leadferry ID to the records.</span>
          </div>
          <Table
            label="Pairs"
            heads={[
              { name: 'Select', hidden: true },
              { name: 'Contact' },
              { name: 'Record in Salesforce' },
              { name: 'Confidence', number: true },
              { name: 'Because of' },
            ]}
          >
            {all.map((pair) => (
              <Row
                key={keyOf(pair)}
                pair={pair}
                isTicked={ticked.has(keyOf(pair))}
                onTick={() => toggle(pair)}
              />
            ))}
          </Table>
        </>
      )}
      {find.data && find.data.next !== null && (
        <Button variant="default" loading={find.isPending} onClick={() => look(find.data?.next ?? undefined)}>
          Look further
        </Button>
      )}
    </Page>
  );
}

type RowProps = { pair: LinkPair; isTicked: boolean; onTick: () => void };

function Row({ pair, isTicked, onTick }: RowProps) {
  const details = (parts: readonly (string | null)[]) => parts.filter(Boolean).join(', ');
  return (
    <tr>
      <td>
        <Checkbox aria-label={`Select ${pair.name}`} checked={isTicked} onChange={onTick} />
      </td>
      <td>
        <Link to="/contacts" search={{ open: pair.contact }} className={classes.name}>
          {pair.name}
        </Link>
        <div className={classes.quiet}>{details([pair.email, pair.company])}</div>
      </td>
      <td>
        {pair.record_name ?? pair.record_id}{' '}
        <span className={classes.quiet}>
          {pair.object} {pair.record_id}
        </span>
        <div className={classes.quiet}>{details([pair.record_email, pair.record_company])}</div>
      </td>
      <NumberCell>
        {pair.certain && <Chip tone="done">Certain</Chip>} {pair.confidence} %
      </NumberCell>
      <td>{pair.reasons.join(', ')}</td>
    </tr>
  );
}

/** What could not be linked, and why. */
function Refused({ done: { refused } }: { done: LinksConfirmed }) {
  if (refused.length === 0) return null;
  return (
    <div role="alert">
      <p>{counted(refused.length, 'pair')} not linked:</p>
      <ul>
        {refused.slice(0, 10).map(({ contact, record_id, why, cure }) => (
          <li key={`${contact} ${record_id}`}>
            {record_id}: {sentence(why)} {sentence(cure)}
          </li>
        ))}
      </ul>
    </div>
  );
}
