/** Who waits and who is held up, what needs a person first. */
import { Button, SegmentedControl } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { count, counted } from '../../components/numbers';
import { Panel } from '../../components/Panel';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { EntryState, QueueLine, ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { EntryCures } from './Cures';
import classes from './Queue.module.css';
import { entryWords } from './words';

const LIMIT = 200;
const states: readonly EntryState[] = ['blocked', 'given_up', 'pending', 'held', 'done'];

export function QueueTab({ replication: { name, standing } }: { replication: ReplicationInfo }) {
  const [chosen, setChosen] = useState<EntryState | 'open'>('open');
  const queue = useAsk(
    'queue.list',
    { filter: { replication: name, ...(chosen === 'open' ? {} : { state: chosen }) }, limit: LIMIT },
    { keep: true },
  );
  const retry = useDo('queue.retry');
  const release = useDo('queue.release');
  const [opened, setOpened] = useState<string | null>(null);
  if (queue.isError) return <Trouble error={queue.error} retry={() => void queue.refetch()} />;
  if (queue.isPending) return <Rows />;
  const { counts, entries, more } = queue.data;
  const line = entries.find((entry) => entry.contact === opened);
  const stuck = (counts.blocked ?? 0) + (counts.given_up ?? 0);
  const error = retry.error ?? release.error;
  return (
    <div className={classes.split}>
      <div className={classes.main}>
        <div className={classes.bar}>
          <SegmentedControl
            aria-label="State"
            value={chosen}
            onChange={(value) => setChosen(value as EntryState | 'open')}
            data={[
              { value: 'open', label: 'All open' },
              ...states.map((state) => ({
                value: state,
                label: `${entryWords[state].word} ${count(counts[state] ?? 0)}`,
              })),
            ]}
          />
          <span className={classes.space} />
          {(counts.held ?? 0) > 0 && (
            <Button
              size="xs"
              variant="default"
              loading={release.isPending}
              onClick={() => release.mutate({ replication: name })}
            >
              Let {counted(counts.held ?? 0, 'held contact')} go
            </Button>
          )}
          {stuck > 0 && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={14} stroke={1.75} />}
              loading={retry.isPending}
              onClick={() =>
                retry.mutate(
                  { replication: name },
                  {
                    onSuccess: ({ contacts }) =>
                      say(`${counted(contacts, 'contact')} wait for the next run.`),
                  },
                )
              }
            >
              Try all {count(stuck)} again
            </Button>
          )}
        </div>
        {error && <Trouble error={error} />}
        {entries.length === 0 ? (
          <Empty title={chosen === 'open' ? 'Nothing waits' : 'Nobody is in this state'}>
            {standing.runs > 0
              ? 'Contacts that change, or are selected anew, wait here until the next run.'
              : 'The first run puts the contacts that it sends here.'}
          </Empty>
        ) : (
          <Table
            label="Queue"
            heads={[{ name: 'Contact' }, { name: 'Company' }, { name: 'State' }, { name: 'Why' }]}
          >
            {entries.map((entry) => (
              <Line
                key={entry.contact}
                line={entry}
                open={entry === line}
                onOpen={() => setOpened(entry.contact)}
              />
            ))}
          </Table>
        )}
        {more && <p className={classes.quiet}>The first {count(LIMIT)} are shown.</p>}
      </div>
      {line && (
        <Panel label={line.name} head={<strong>{line.name}</strong>} onClose={() => setOpened(null)}>
          <EntryCures line={line} />
        </Panel>
      )}
    </div>
  );
}

function Line({ line, open, onOpen }: { line: QueueLine; open: boolean; onOpen: () => void }) {
  const { word, tone } = entryWords[line.state];
  return (
    <tr aria-current={open || undefined}>
      <td>
        <button type="button" className={classes.name} onClick={onOpen}>
          {line.name || line.email || 'No name'}
        </button>
      </td>
      <td>{line.company}</td>
      <td>
        <Chip tone={tone} bare={tone === 'done' || tone === 'idle'}>
          {word}
        </Chip>
      </td>
      <td className={classes.quiet}>{line.label ?? (line.message ? sentence(line.message) : '')}</td>
    </tr>
  );
}
