/** Beside the rules: how many match them, a few of them, and why somebody is in or out. */
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { numberFormat } from '../../components/locale';
import { count, signed } from '../../components/numbers';
import { PanelPart } from '../../components/Panel';
import { sentence } from '../../components/Trouble';
import type { RuleTree, SegmentCard, SegmentMember } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { isUnfinished } from '../../words/conditions';
import classes from './Segments.module.css';
import { Why } from './Why';

/** Of the 150 ms within which a count follows a change; the rest is for counting and drawing. */
const DELAY_MS = 60;

type Props = {
  /** The rules as they are now; none where the members are fixed. */
  tree: RuleTree | null;
  segment: SegmentCard | undefined;
  /** The rules differ from the saved ones. */
  isEdited: boolean;
  onSays: (says: string) => void;
};

export function People({ tree, segment, isEdited, onSays }: Props) {
  const [settled] = useDebouncedValue(tree, DELAY_MS);
  const tried = useAsk(
    'segments.try',
    { tree: settled ?? { any: [] } },
    { enabled: settled !== null && !isUnfinished(settled), keep: true },
  );
  const says = tried.data?.says;
  useEffect(() => {
    if (says !== undefined) onSays(says);
  }, [says, onSays]);
  const meeting = tree === null ? (segment?.members ?? 0) : (tried.data?.contacts ?? null);
  return (
    <aside className={classes.aside} aria-label="Contacts in this segment">
      <PanelPart title="People in this segment">
        <Counted contacts={meeting} settling={tried.isPlaceholderData} />
        {tree && isUnfinished(tree) ? (
          <p className={classes.quiet}>Give each rule a value to see who matches.</p>
        ) : (
          tried.data?.refused && (
            <p role="alert" className={classes.fault}>
              {sentence(tried.data.refused)}
            </p>
          )
        )}
        {!tried.isPlaceholderData &&
          tried.data?.notes.map((note) => (
            <p key={note} role="status" className={classes.note}>
              {note}
            </p>
          ))}
        {segment && isEdited && settled && <Moves segment={segment.name} tree={settled} />}
      </PanelPart>
      {tree !== null && (
        <PanelPart title={sampleTitle(tried.data?.sample.length ?? 0, meeting)}>
          <Sample people={tried.data?.sample ?? []} none={meeting === 0} />
          {segment && !isEdited && segment.members > 0 && (
            <Link to="/contacts" search={{ segment: segment.name }} className={classes.all}>
              Show all {count(segment.members)}
            </Link>
          )}
        </PanelPart>
      )}
      <Why tree={settled} segment={isEdited ? undefined : segment} />
    </aside>
  );
}

/** How many, of how many; the number before stays in grey until the new one is there. */
function Counted({ contacts, settling }: { contacts: number | null; settling: boolean }) {
  const all = useAsk('contacts.count', {}).data;
  const share = contacts === null || !all ? 0 : contacts / all;
  const percent = numberFormat({ style: 'percent', maximumFractionDigits: 1 });
  return (
    <>
      <p className={settling ? `${classes.big} ${classes.settling}` : classes.big} role="status">
        <span className="num">{contacts === null ? '–' : count(contacts)}</span>{' '}
        <span className={classes.of}>
          {all !== undefined && `of ${count(all)}`}
          {all !== undefined && contacts !== null && ` · ${percent.format(share)}`}
        </span>
      </p>
      <div className={classes.share} aria-hidden>
        <span className={classes.filled} style={{ width: `${100 * share}%` }} />
      </div>
    </>
  );
}

/** Who the new rules would add and remove. */
function Moves({ segment, tree }: { segment: string; tree: RuleTree }) {
  const moves = useAsk('segments.compare', { segment, tree }, { keep: true }).data;
  if (!moves) return null;
  return (
    <p className={classes.moves}>
      Compared with the saved rules
      <span className="num">
        <strong>{signed(moves.joining)}</strong> in <strong>{signed(-moves.leaving)}</strong> out
      </span>
    </p>
  );
}

function sampleTitle(shown: number, all: number | null): string {
  return all !== null && all > shown ? `${count(shown)} of them` : 'Contacts';
}

function Sample({ people, none }: { people: readonly SegmentMember[]; none: boolean }) {
  if (none) return <p className={classes.quiet}>No contacts match.</p>;
  return (
    <ul className={classes.people}>
      {people.map((one) => (
        <li key={one.guid}>
          <strong>{one.name || one.email || 'No name'}</strong>
          <span className={classes.quiet}>{one.company ?? one.email ?? ''}</span>
        </li>
      ))}
    </ul>
  );
}
