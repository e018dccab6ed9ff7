/** One segment: its rules as they are built, who matches them and why, and how it has grown. */
import { Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type ComponentType, useState } from 'react';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import { offerUndo, say } from '../../components/undo';
import { showWrongField } from '../../components/wrongField';
import type { RuleTree, SegmentCard } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { CopySegment, NameSegment, PasteEmails, RemoveSegment, RenameSegment } from './dialogs';
import { GrowthCard } from './GrowthCard';
import { MembersCard } from './MembersCard';
import { People } from './People';
import classes from './Segments.module.css';
import { Sentence } from './Sentence';

export type Builder = ComponentType<{
  tree: RuleTree;
  onChange: (tree: RuleTree) => void;
  place: string;
  counts?: boolean;
}>;

const parent = { title: 'Segments', to: '/segments' };
const everybody: RuleTree = { all: [{ field: 'email', op: 'is_set' }] };

export function NewSegmentScreen({ Builder }: { Builder: Builder }) {
  const navigate = useNavigate();
  const [tree, setTree] = useState<RuleTree>(everybody);
  const [naming, setNaming] = useState(false);
  const [pasting, setPasting] = useState(false);
  return (
    <Page
      title="New segment"
      parent={parent}
      full
      actions={
        <>
          <Button variant="default" onClick={() => void navigate({ to: '/segments' })}>
            Discard
          </Button>
          <Button onClick={() => !showWrongField() && setNaming(true)}>Save segment</Button>
        </>
      }
    >
      <Work tree={tree} Builder={Builder} onChange={setTree} onPaste={() => setPasting(true)} />
      {naming && <NameSegment tree={tree} onClose={() => setNaming(false)} />}
      {pasting && <PasteEmails onClose={() => setPasting(false)} />}
    </Page>
  );
}

export function SegmentScreen({ Builder }: { Builder: Builder }) {
  const { name } = useParams({ strict: false }) as { name: string };
  const card = useAsk('segments.show', { name });
  if (!card.data) {
    return (
      <Page title={name} parent={parent}>
        {card.isError ? <Trouble error={card.error} retry={() => void card.refetch()} /> : <Rows />}
      </Page>
    );
  }
  return <Segment key={name} card={card.data} Builder={Builder} />;
}

type Asked = 'rename' | 'copy' | 'remove' | 'paste' | null;

function Segment({ card, Builder }: { card: SegmentCard; Builder: Builder }) {
  // Rules that can't be read are replaced by new ones.
  const [edited, setEdited] = useState<RuleTree | null>(card.unread ? everybody : null);
  const [asked, setAsked] = useState<Asked>(null);
  const set = useDo('segments.set');
  const refresh = useDo('segments.refresh');
  const save = (tree: RuleTree) => {
    if (showWrongField()) return;
    const before = card.tree;
    set.mutate(
      { segment: card.name, change: { tree } },
      {
        onSuccess: ({ members }) => {
          setEdited(null);
          const saved = `Segment saved. ${counted(members, 'contact matches', 'contacts match')}.`;
          if (!before) return say(saved);
          offerUndo(saved, () => set.mutate({ segment: card.name, change: { tree: before } }));
        },
      },
    );
  };
  const tree = edited ?? card.tree;
  return (
    <Page
      title={card.name}
      parent={parent}
      about={edited ? 'Unsaved changes' : card.description}
      full
      actions={
        <>
          <More card={card} onAsk={setAsked} />
          {edited && (
            <Button variant="default" onClick={() => setEdited(null)}>
              Discard
            </Button>
          )}
          {edited ? (
            <Button loading={set.isPending} onClick={() => save(edited)}>
              Save segment
            </Button>
          ) : (
            card.tree && (
              <Button
                variant="default"
                loading={refresh.isPending}
                onClick={() => refresh.mutate({ name: card.name })}
              >
                Recalculate
              </Button>
            )
          )}
        </>
      }
    >
      <Work
        tree={tree}
        segment={card}
        Builder={Builder}
        onChange={setEdited}
        onPaste={() => setAsked('paste')}
        trouble={set.error ?? refresh.error}
      />
      {asked === 'rename' && <RenameSegment card={card} onClose={() => setAsked(null)} />}
      {asked === 'copy' && <CopySegment card={card} onClose={() => setAsked(null)} />}
      {asked === 'remove' && <RemoveSegment card={card} onClose={() => setAsked(null)} />}
      {asked === 'paste' && <PasteEmails onClose={() => setAsked(null)} />}
    </Page>
  );
}

function More({ card, onAsk }: { card: SegmentCard; onAsk: (asked: Asked) => void }) {
  const pick = useDo('shell.pick_place');
  const write = useDo('segments.export');
  const save = async () => {
    const place = await pick.mutateAsync({ what: 'csv', name: `${card.name}.csv` });
    if (!place) return;
    const members = await write.mutateAsync({ segment: card.name, place });
    say(`Saved ${counted(members, 'contact')} to ${place}.`);
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          loading={write.isPending}
          rightSection={<IconDots size={16} stroke={1.75} />}
        >
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk('rename')}>Rename…</Menu.Item>
        <Menu.Item onClick={() => onAsk('copy')}>Copy with fixed members…</Menu.Item>
        <Menu.Item onClick={() => void save().catch(() => {})}>Export members as CSV…</Menu.Item>
        <Menu.Item color="red" onClick={() => onAsk('remove')}>
          Remove…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

type WorkProps = {
  tree: RuleTree | null;
  segment?: SegmentCard;
  Builder: Builder;
  onChange: (tree: RuleTree) => void;
  onPaste: () => void;
  trouble?: Parameters<typeof Trouble>[0]['error'] | null;
};

function Work({ tree, segment, Builder, onChange, onPaste, trouble }: WorkProps) {
  const [says, setSays] = useState(segment?.says ?? '');
  return (
    <div className={classes.work}>
      <div className={classes.main}>
        {trouble && <Trouble error={trouble} focus />}
        {segment?.unread && (
          <p role="alert">
            <Chip tone="fail">Rules can’t be read</Chip> {sentence(segment.unread)} Build new rules and save
            them, or remove the segment.
          </p>
        )}
        {segment?.unfit && (
          <p role="alert">
            <Chip tone="fail">Rules can’t be used</Chip> {sentence(segment.unfit)} Members stay as they are
            until you change the rules.
          </p>
        )}
        {tree ? (
          <>
            {says && <Sentence says={says} />}
            <Builder tree={tree} onChange={onChange} place="rule" counts />
            <div>
              <Button size="xs" variant="default" onClick={onPaste}>
                Add an email list…
              </Button>
            </div>
          </>
        ) : segment?.unread ? null : (
          <p className={classes.quiet}>
            This segment has fixed members. They stay until you add or remove them.
          </p>
        )}
        {segment && (
          <>
            <MembersCard segment={segment} />
            <GrowthCard growth={segment.growth} />
            <Card title="Used by">
              {segment.users.length === 0 ? (
                <p className={classes.quiet}>Nothing uses this segment yet.</p>
              ) : (
                <ul className={classes.users}>
                  {segment.users.map((user) => (
                    <li key={user}>{user}</li>
                  ))}
                </ul>
              )}
            </Card>
            {segment.calculated_at && (
              <p className={classes.quiet}>
                Calculated <Ago at={Date.parse(segment.calculated_at)} />.
              </p>
            )}
          </>
        )}
      </div>
      <People
        tree={tree}
        segment={segment}
        isEdited={segment !== undefined && tree !== segment.tree}
        onSays={setSays}
      />
    </div>
  );
}
