/** The contacts that wait and those that are blocked; what needs a person comes first. */
import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Chip } from '../../components/Chip';
import { Empty } from '../../components/Empty';
import { NameButton } from '../../components/NameButton';
import { count, counted } from '../../components/numbers';
import { Panel } from '../../components/Panel';
import { Rows } from '../../components/Rows';
import { Split } from '../../components/Split';
import { SpareCell, Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { EntryState, QueueFigure, QueueFigures, QueueLine, ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { entryWords } from '../../words/sending';
import { EntryCures } from './Cures';
import { Pager } from './Pager';
import classes from './Queue.module.css';
import { ContactName } from './SentValues';

const LIMIT = 100;
const figureWords: readonly (readonly [QueueFigure, string])[] = [
  ['blocked', 'Blocked'],
  ['waiting', 'Waiting'],
  ['sent', 'Sent'],
  ['held', 'On hold'],
];

const none: Record<QueueFigure, string> = {
  blocked: 'No contacts are blocked',
  waiting: 'No contacts are waiting',
  sent: 'No contacts were sent yet',
  held: 'No contacts are on hold',
};

export function QueueTab({ replication: { name, standing } }: { replication: ReplicationInfo }) {
  // What needs a person comes first.
  const [chosen, setChosen] = useState<QueueFigure>(standing.blocked > 0 ? 'blocked' : 'waiting');
  // Where each page but the first begins; the last of them is shown.
  const [pages, setPages] = useState<readonly string[]>([]);
  const after = pages.at(-1);
  const queue = useAsk(
    'queue.list',
    {
      filter: { replication: name, counted: chosen },
      ...(after === undefined ? {} : { after }),
      limit: LIMIT,
    },
    { keep: true },
  );
  const [opened, setOpened] = useState<string | null>(null);
  if (queue.isError) return <Trouble error={queue.error} retry={() => void queue.refetch()} />;
  if (queue.isPending) return <Rows />;
  const { figures, entries, total, next } = queue.data;
  const at = entries.findIndex((entry) => entry.contact === opened);
  const line = entries[at];
  const turn = (to: readonly string[]) => {
    setPages(to);
    setOpened(null);
  };
  return (
    <Split
      panel={
        line && (
          <Panel
            label={line.name}
            head={
              <Steps
                at={at}
                entries={entries}
                place={`${count(pages.length * LIMIT + at + 1)} of ${count(total)}`}
                onOpen={setOpened}
              />
            }
            onClose={() => setOpened(null)}
          >
            <Details line={line} />
          </Panel>
        )
      }
    >
      <Bar
        name={name}
        figures={figures}
        chosen={chosen}
        onChoose={(figure) => {
          setChosen(figure);
          turn([]);
        }}
      />
      <div className={classes.scroll}>
        {entries.length === 0 ? (
          <Empty title={none[chosen]}>
            {chosen === 'held'
              ? 'When you undo a run, its contacts wait here until you release them.'
              : standing.runs > 0
                ? 'Contacts that change or are newly selected wait here until the next run.'
                : 'Contacts appear here with the first run.'}
          </Empty>
        ) : (
          <Table
            label="Queue"
            heads={[
              { name: 'Contact' },
              { name: 'Email' },
              { name: 'Company' },
              { name: 'State', spare: true },
              { name: 'Reason' },
            ]}
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
      </div>
      {(next !== null || pages.length > 0) && (
        <div className={classes.foot}>
          <Pager
            label="Pages of the queue"
            pages={pages}
            onPages={turn}
            next={next}
            limit={LIMIT}
            shown={entries.length}
            total={total}
          />
        </div>
      )}
    </Split>
  );
}

type BarProps = {
  name: string;
  figures: QueueFigures;
  chosen: QueueFigure;
  onChoose: (figure: QueueFigure) => void;
};

function Bar({ name, figures, chosen, onChoose }: BarProps) {
  const retry = useDo('queue.retry');
  const release = useDo('queue.release');
  const releaseAll = () =>
    release.mutate({ replication: name }, { onSuccess: ({ contacts }) => say(released(contacts)) });
  const again = () =>
    retry.mutate(
      { replication: name },
      { onSuccess: ({ contacts }) => say(`The next run retries ${counted(contacts, 'contact')}.`) },
    );
  return (
    <div className={classes.head}>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="State"
          value={chosen}
          onChange={(value) => onChoose(value as QueueFigure)}
          data={figureWords.map(([figure, word]) => ({
            value: figure,
            label: `${word} ${count(figures[figure])}`,
          }))}
        />
        <span className={classes.space} />
        {figures.blocked > 0 && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} stroke={1.75} />}
            loading={retry.isPending}
            onClick={again}
          >
            Retry all {count(figures.blocked)}
          </Button>
        )}
        {chosen === 'held' && figures.held > 0 && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerPlay size={14} stroke={1.75} />}
            loading={release.isPending}
            onClick={releaseAll}
          >
            Release all {count(figures.held)}
          </Button>
        )}
      </div>
      {retry.error && <Trouble error={retry.error} />}
      {release.error && <Trouble error={release.error} />}
    </div>
  );
}

type StepsProps = {
  at: number;
  entries: readonly QueueLine[];
  /** Among all contacts, not those of the page alone. */
  place: string;
  onOpen: (contact: string) => void;
};

/** The contact's place in the list, and the way to its neighbors. */
function Steps({ at, entries, place, onOpen }: StepsProps) {
  const go = (to: number) => {
    const entry = entries[to];
    if (entry) onOpen(entry.contact);
  };
  return (
    <>
      <span className="num">{place}</span>
      <span>
        <ActionIcon aria-label="Previous contact" disabled={at === 0} onClick={() => go(at - 1)}>
          <IconChevronUp size={16} stroke={1.75} />
        </ActionIcon>
        <ActionIcon aria-label="Next contact" disabled={at + 1 >= entries.length} onClick={() => go(at + 1)}>
          <IconChevronDown size={16} stroke={1.75} />
        </ActionIcon>
      </span>
    </>
  );
}

function Details({ line }: { line: QueueLine }) {
  const more = [line.email, line.company].filter((text) => text && text !== line.name).join(', ');
  return (
    <>
      <div className={classes.who}>
        <ContactName contact={line.contact} name={line.name} />
        {more && <span className={`${classes.quiet} selectable`}>{more}</span>}
        <State state={line.state} />
      </div>
      {line.label && <EntryCures line={line} />}
      {line.state === 'held' && <Held line={line} />}
    </>
  );
}

/** A contact whose record was undone. */
function Held({ line }: { line: QueueLine }) {
  const release = useDo('queue.release');
  return (
    <>
      <p>A run was undone for this contact. Nothing is sent until you release it.</p>
      {release.error && <Trouble error={release.error} />}
      <Button
        size="xs"
        loading={release.isPending}
        onClick={() =>
          release.mutate(
            { replication: line.replication, contacts: [line.contact] },
            { onSuccess: ({ contacts }) => say(released(contacts)) },
          )
        }
      >
        Release
      </Button>
    </>
  );
}

function released(contacts: number): string {
  return `Released ${counted(contacts, 'contact')}. The next run sends ${contacts === 1 ? 'it' : 'them'} again.`;
}

function State({ state }: { state: EntryState }) {
  const { word, tone } = entryWords[state];
  return (
    <Chip tone={tone} bare={tone === 'done' || tone === 'idle'}>
      {word}
    </Chip>
  );
}

function Line({ line, open, onOpen }: { line: QueueLine; open: boolean; onOpen: () => void }) {
  return (
    <tr aria-current={open || undefined}>
      <td>
        <NameButton onOpen={onOpen}>{line.name}</NameButton>
      </td>
      <td className={`selectable ${classes.email}`}>{line.email}</td>
      <td>{line.company}</td>
      <SpareCell>
        <State state={line.state} />
      </SpareCell>
      <td className={classes.reason}>{line.label ?? (line.message ? sentence(line.message) : '')}</td>
    </tr>
  );
}
