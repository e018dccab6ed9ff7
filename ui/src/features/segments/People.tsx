/** Beside the rules: how many meet them, five of them, and why somebody does or does not. */
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconX } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { Ago } from '../../components/Ago';
import { count } from '../../components/numbers';
import { PanelPart } from '../../components/Panel';
import { Trouble } from '../../components/Trouble';
import type { Explained, RuleTree, SegmentCard } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Segments.module.css';

/** Of the 150 ms within which a count follows a change; the rest is for counting and drawing. */
const DELAY_MS = 60;

type Props = {
  tree: RuleTree | null;
  segment: SegmentCard | undefined;
  onSays: (says: string) => void;
};

export function People({ tree, segment, onSays }: Props) {
  const [settled] = useDebouncedValue(tree, DELAY_MS);
  const tried = useAsk(
    'segments.try',
    { tree: settled ?? { any: [] } },
    { enabled: settled !== null, keep: true },
  );
  const all = useAsk('contacts.count', {}).data ?? 0;
  const says = tried.data?.says;
  useEffect(() => {
    if (says !== undefined) onSays(says);
  }, [says, onSays]);
  const meeting = tree === null ? (segment?.members ?? 0) : tried.data?.contacts;
  return (
    <aside className={classes.aside} aria-label="Who meets the rules">
      <PanelPart title="People in it">
        <p className={classes.big} role="status">
          <span className="num">{meeting === undefined || meeting === null ? '–' : count(meeting)}</span>{' '}
          <span className={classes.of}>of {count(all)}</span>
        </p>
        {tried.data?.refused && (
          <p role="alert" className={classes.fault}>
            {tried.data.refused}.
          </p>
        )}
        {segment &&
          tree !== null &&
          meeting !== undefined &&
          meeting !== null &&
          meeting !== segment.members && (
            <p className={classes.quiet}>{count(segment.members)} by the saved rules.</p>
          )}
      </PanelPart>
      {tree !== null && (
        <PanelPart title="Five of them">
          {tried.data?.sample.length === 0 && <p className={classes.quiet}>Nobody meets the rules.</p>}
          <ul className={classes.people}>
            {tried.data?.sample.map((one) => (
              <li key={one.guid}>
                <strong>{one.name || one.email || 'No name'}</strong>
                <span className={classes.quiet}>{one.company ?? one.email ?? ''}</span>
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      {segment && <Why segment={segment} />}
    </aside>
  );
}

function Why({ segment }: { segment: SegmentCard }) {
  const [typed, setTyped] = useState('');
  const [contact, setContact] = useState('');
  const why = useAsk('segments.explain', { segment: segment.name, contact }, { enabled: contact !== '' });
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setContact(typed.trim());
  };
  return (
    <PanelPart title="Why is she (not) in?">
      <form onSubmit={ask} className={classes.ask}>
        <TextInput
          aria-label="E-mail of a contact"
          placeholder="ann@example.com"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!typed.trim()}>
          Explain
        </Button>
      </form>
      {why.isError && <Trouble error={why.error} />}
      {why.data && (
        <div role="status">
          <p>
            <strong>{why.data.contact || contact}</strong>{' '}
            {why.data.status === 'realized'
              ? 'is in it'
              : why.data.status === 'exited'
                ? 'has left it'
                : 'is not in it'}
            {why.data.since !== null && (
              <>
                , since <Ago at={why.data.since} />
              </>
            )}
            .
          </p>
          {why.data.rules && (
            <ul className={classes.why}>
              <Rule one={why.data.rules} />
            </ul>
          )}
        </div>
      )}
    </PanelPart>
  );
}

function Rule({ one }: { one: Explained }) {
  const Mark = one.holds ? IconCheck : IconX;
  return (
    <li>
      <span className={classes.rule}>
        <Mark
          size={14}
          stroke={2}
          className={one.holds ? classes.yes : classes.no}
          aria-label={one.holds ? 'Yes' : 'No'}
        />
        <span>{one.rule}</span>
        {one.has && <span className={classes.has}>{one.has}</span>}
      </span>
      {one.parts.length > 0 && (
        <ul className={classes.why}>
          {one.parts.map((part, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts may be alike, keep no state, and never move.
            <Rule key={at} one={part} />
          ))}
        </ul>
      )}
    </li>
  );
}
