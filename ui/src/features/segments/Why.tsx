/** Why a person is in a segment or out of it, rule by rule. */
import { IconCheck, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { asHere } from '../../components/asHere';
import { PanelPart } from '../../components/Panel';
import { Trouble } from '../../components/Trouble';
import type { Explained, RuleTree, SegmentCard, SegmentWhy } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { ContactPicker, type Picked } from './ContactPicker';
import classes from './Segments.module.css';

type Props = {
  /** The rules as they are edited; none where the members are fixed. */
  tree: RuleTree | null;
  /** The segment, where its rules are the saved ones. */
  segment: SegmentCard | undefined;
};

export function Why({ tree, segment }: Props) {
  const [picked, setPicked] = useState<Picked | null>(null);
  return (
    <PanelPart title="Why is this person in or out?">
      <ContactPicker
        label="Contact to explain"
        placeholder="Find a contact"
        picked={picked}
        onPick={setPicked}
      />
      {picked && segment && <Standing segment={segment} picked={picked} />}
      {picked && !segment && tree && <ByRules tree={tree} picked={picked} />}
    </PanelPart>
  );
}

/** Where the person stands in a segment as it is saved. */
function Standing({ segment, picked }: { segment: SegmentCard; picked: Picked }) {
  const why = useAsk('segments.explain', { segment: segment.name, contact: picked.guid });
  if (why.isError) return <Trouble error={why.error} />;
  if (!why.data) return null;
  return (
    <div role="status">
      <p className={classes.verdict}>
        <Mark holds={why.data.status === 'realized'} />
        <strong>
          <Verdict name={picked.name} why={why.data} />
        </strong>
      </p>
      {why.data.rules ? (
        <Rules one={why.data.rules} />
      ) : (
        <p className={classes.quiet}>Its members are added and removed by hand.</p>
      )}
    </div>
  );
}

function Verdict({ name, why: { status, since } }: { name: string; why: SegmentWhy }) {
  const at = since !== null && <Ago at={since} />;
  if (status === 'realized')
    return (
      <>
        {name} is in this segment{at && <>, since {at}</>}.
      </>
    );
  if (status === 'exited')
    return (
      <>
        {name} left this segment {at}.
      </>
    );
  return <>{name} isn’t in this segment.</>;
}

/** Whether the person meets rules that are not saved. */
function ByRules({ tree, picked }: { tree: RuleTree; picked: Picked }) {
  const explained = useAsk('segments.explain_rules', { tree, contact: picked.guid }, { keep: true });
  if (explained.isError) return <Trouble error={explained.error} />;
  if (!explained.data) return null;
  const { holds } = explained.data;
  return (
    <div role="status">
      <p className={classes.verdict}>
        <Mark holds={holds} />
        <strong>
          {picked.name} {holds ? 'matches these rules' : 'doesn’t match these rules'}.
        </strong>
      </p>
      <Rules one={explained.data} />
    </div>
  );
}

/** The rules, without the group around them that is there anyway. */
function Rules({ one }: { one: Explained }) {
  const parts = one.parts.length > 0 && one.rule === 'all of these' ? one.parts : [one];
  return <List parts={parts} />;
}

function List({ parts }: { parts: readonly Explained[] }) {
  return (
    <ul className={classes.why}>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts may be alike, keep no state, and never move.
        <li key={at}>
          <span className={classes.rule}>
            <Mark holds={part.holds} />
            <span className={classes.says}>{begun(asHere(part.rule))}</span>
            {part.has && <span className={classes.has}>{asHere(part.has)}</span>}
          </span>
          {part.parts.length > 0 && <List parts={part.parts} />}
        </li>
      ))}
    </ul>
  );
}

function Mark({ holds }: { holds: boolean }) {
  const Icon = holds ? IconCheck : IconX;
  return (
    <Icon
      size={14}
      stroke={2}
      className={holds ? classes.yes : classes.no}
      aria-label={holds ? 'Yes' : 'No'}
      role="img"
    />
  );
}

function begun(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
