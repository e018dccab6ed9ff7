/** Which contacts are sent: the score and the segments that decide, and how many contacts that is before it is saved. */
import { Button, MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { disabledFor } from '../../components/disabled';
import { NumberField } from '../../components/NumberField';
import { counted } from '../../components/numbers';
import { inWords, Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { ReplicationInfo, SegmentChoice, SelectionChoice } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { Line, Lines } from './Lines';
import { Needs } from './Needs';
import { PartnerCard } from './PartnerCard';
import classes from './Replications.module.css';
import { useUnsaved } from './useUnsaved';

const parts = [
  { part: 'any', label: 'In at least one of' },
  { part: 'all', label: 'In all of' },
  { part: 'none', label: 'In none of' },
] as const;

/** What somebody chooses; an empty score takes all contacts. */
type Chosen = { score: string; minimum: number | ''; segments: SegmentChoice; consented: string[] };

const TYPING_MS = 250;
const DEFAULT_MINIMUM = 10;

type Props = {
  replication: ReplicationInfo;
  /** Tells whether something is changed and not saved. */
  onUnsaved: (isUnsaved: boolean) => void;
};

export function WhoTab({ replication, onUnsaved }: Props) {
  const { standing } = replication;
  return (
    <>
      {standing.needs.some((need) => !need.done) && <Needs replication={replication} />}
      <Card
        title="Contacts to send"
        about="Contacts marked “do not send” are never sent, regardless of these settings."
      >
        <Form
          key={`${replication.name} ${replication.settings_version}`}
          replication={replication}
          onUnsaved={onUnsaved}
        />
      </Card>
      <PartnerCard key={`${replication.name} partner`} name={replication.name} />
    </>
  );
}

function Form({ replication, onUnsaved }: Props) {
  const { name, score, minimum, settings } = replication;
  const set = useDo('replications.set');
  const was: Chosen = {
    score: score ?? '',
    minimum: minimum ?? DEFAULT_MINIMUM,
    segments: settings.segments,
    consented: settings.required_purposes,
  };
  const [now, setNow] = useState(was);
  const put = (part: Partial<Chosen>) => setNow({ ...now, ...part });
  const isChanged = JSON.stringify(choiceOf(now)) !== JSON.stringify(choiceOf(was));
  useUnsaved(isChanged, onUnsaved);
  const isMissing = now.score !== '' && now.minimum === '';
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ name, settings: changes(was, now) }, { onSuccess: () => say('Saved.') });
  };
  return (
    <form onSubmit={save}>
      <Lines>
        <Scores now={now} put={put} />
        <Segments now={now} put={put} />
        <Consent now={now} put={put} />
        <Line label="Contacts selected">
          <Selected now={now} isChanged={isChanged} before={replication.standing.selected} />
        </Line>
      </Lines>
      {set.error && <Trouble error={set.error} focus />}
      <div className={classes.buttons}>
        <Button variant="default" {...disabledFor(!isChanged && NOTHING)} onClick={() => setNow(was)}>
          Discard changes
        </Button>
        <Button
          type="submit"
          {...disabledFor((!isChanged && NOTHING) || (isMissing && 'Enter the minimum points'))}
          loading={set.isPending}
        >
          Save
        </Button>
      </div>
    </form>
  );
}

/** Why nothing can be saved or discarded. */
const NOTHING = 'Nothing has changed';

type PartProps = { now: Chosen; put: (part: Partial<Chosen>) => void };

function Scores({ now, put }: PartProps) {
  const scores = useAsk('scores.list', {}).data ?? [];
  return (
    <>
      <Line label="Score">
        <Select
          aria-label="Score"
          allowDeselect={false}
          data={[
            { value: '', label: 'Any: all contacts' },
            ...scores.map((one) => ({ value: one.name, label: one.name })),
          ]}
          value={now.score}
          onChange={(score) => put({ score: score ?? '' })}
        />
      </Line>
      {now.score !== '' && (
        <Line label="Minimum points">
          <NumberField
            aria-label="Minimum points"
            min={0}
            whole
            value={now.minimum}
            onChange={(minimum) => put({ minimum })}
          />
        </Line>
      )}
    </>
  );
}

function Segments({ now, put }: PartProps) {
  const segments = useAsk('segments.list', {});
  const { segments: choice } = now;
  const isNone = parts.every(({ part }) => choice[part].length === 0);
  if (segments.data?.length === 0 && isNone) {
    return (
      <Line label="Segments">
        <span className={classes.help}>
          No segments yet. <Link to="/new-segment">Create a segment</Link> to send only its members.
        </span>
      </Line>
    );
  }
  return parts.map(({ part, label }) => (
    <Line key={part} label={label}>
      <MultiSelect
        aria-label={label}
        searchable
        placeholder={choice[part].length === 0 ? 'Any' : undefined}
        data={(segments.data ?? []).map((segment) => segment.name)}
        value={choice[part]}
        onChange={(names) => put({ segments: { ...choice, [part]: names } })}
      />
    </Line>
  ));
}

function Consent({ now: { consented }, put }: PartProps) {
  const paths = useAsk('consents.paths', {});
  if (!paths.data || (paths.data.length === 0 && consented.length === 0)) return null;
  return (
    <Line label="Gave consent to all of" help="Checked again right before each batch is sent.">
      <MultiSelect
        aria-label="Gave consent to all of"
        searchable
        placeholder={consented.length === 0 ? 'None' : undefined}
        data={paths.data}
        value={consented}
        onChange={(paths) => put({ consented: paths })}
      />
    </Line>
  );
}

type SelectedProps = { now: Chosen; isChanged: boolean; before: number };

/** Counts before anything is saved. */
function Selected({ now, isChanged, before }: SelectedProps) {
  const [choice] = useDebouncedValue(choiceOf(now), TYPING_MS);
  const count = useAsk('replications.would_select', choice, { enabled: isChanged, keep: true });
  if (isChanged && count.isError) return <span className={classes.fail}>{inWords(count.error)}</span>;
  const selected = isChanged ? count.data?.selected : before;
  return (
    <output className="num" aria-live="polite">
      {selected === undefined ? 'Counting…' : counted(selected, 'contact')}
      {isChanged && <span className={classes.quiet}> ({counted(before, 'contact')} before)</span>}
    </output>
  );
}

function choiceOf({ score, minimum, segments, consented }: Chosen): SelectionChoice {
  return { ...(score ? { score, minimum: Number(minimum) } : {}), ...segments, consented };
}

/** Returns what is to be saved: only what differs. */
function changes(was: Chosen, now: Chosen) {
  const { any, all, none } = now.segments;
  const hasPoints = now.score !== was.score || (now.score !== '' && now.minimum !== was.minimum);
  const points = now.score ? { score: now.score, minimum: Number(now.minimum) } : { score: '' };
  const hasSegments = JSON.stringify(now.segments) !== JSON.stringify(was.segments);
  return {
    ...(hasPoints ? points : {}),
    ...(String(now.consented) !== String(was.consented) ? { required_purposes: now.consented } : {}),
    ...(hasSegments ? { segments_any: any, segments_all: all, segments_none: none } : {}),
  };
}
