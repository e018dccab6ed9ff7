/** The rules of a score, to be changed; beside each, how many contacts match it now. */
import { ActionIcon, Anchor, Checkbox, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { DateField } from '../../components/DateField';
import { NumberField } from '../../components/NumberField';
import { count } from '../../components/numbers';
import { sentence } from '../../components/Trouble';
import type { Rule, RuleTree, RuleTried } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { newRule, onActivities, withWhen } from './rules';
import classes from './Scores.module.css';

export type Builder = ComponentType<{
  tree: RuleTree;
  onChange: (tree: RuleTree) => void;
  place: string;
}>;

type Props = {
  rules: readonly Rule[];
  Builder: Builder;
  onChange: (rules: readonly Rule[]) => void;
};

export function RuleRows({ rules, Builder, onChange }: Props) {
  const [settled] = useDebouncedValue(rules, 150);
  const tried = useAsk(
    'scores.try',
    { rules: settled.map((rule) => rule.when) },
    { enabled: settled.length > 0, keep: true },
  );
  const put = (at: number, rule: Rule) => onChange(rules.map((one, place) => (place === at ? rule : one)));
  return (
    <div className={classes.rules}>
      {rules.length === 0 && <p className={classes.quiet}>Without rules, every contact has 0 points.</p>}
      {rules.map((rule, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity of their own, and are few.
          key={at}
          place={`rule ${at + 1}`}
          rule={rule}
          Builder={Builder}
          tried={rules.length === settled.length ? tried.data?.[at] : undefined}
          onChange={(changed) => put(at, changed)}
          onRemove={() => onChange(rules.filter((_, place) => place !== at))}
        />
      ))}
      <Anchor
        component="button"
        type="button"
        className={classes.add}
        onClick={() => onChange([...rules, newRule()])}
      >
        <IconPlus size={14} stroke={1.75} aria-hidden /> Add rule
      </Anchor>
    </div>
  );
}

type RowProps = {
  place: string;
  rule: Rule;
  Builder: Builder;
  tried: RuleTried | undefined;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
};

function Row({ place, rule, Builder, tried, onChange, onRemove }: RowProps) {
  return (
    <section className={classes.rule} aria-label={place}>
      <div className={classes.ruleHead}>
        <NumberField
          aria-label={`Points, ${place}`}
          className={classes.points}
          value={rule.points}
          whole
          onChange={(points) => onChange({ ...rule, points: Number(points) || 0 })}
        />
        <span className={classes.quiet}>points</span>
        <TextInput
          aria-label={`Name, ${place}`}
          className={classes.ruleName}
          placeholder="Rule name"
          value={rule.name}
          onChange={(event) => onChange({ ...rule, name: event.currentTarget.value })}
        />
        <span className={`${classes.meets} num`} role="status">
          {tried?.contacts !== undefined && tried.contacts !== null && `${count(tried.contacts)} matching`}
        </span>
        <ActionIcon aria-label={`Remove ${place}`} onClick={onRemove}>
          <IconX size={16} stroke={1.75} />
        </ActionIcon>
      </div>
      <Builder tree={rule.when} onChange={(when) => onChange(withWhen(rule, when))} place={place} />
      <Lasting rule={rule} place={place} onChange={onChange} />
      {tried?.refused && (
        <p role="alert" className={classes.fault}>
          {rule.name || place}: {sentence(tried.refused)}
        </p>
      )}
    </section>
  );
}

/** How often a rule gives its points, and how long they last. */
function Lasting({ rule, place, onChange }: { rule: Rule; place: string; onChange: (rule: Rule) => void }) {
  const [asked, setAsked] = useState(false);
  const ends = asked || rule.valid_until !== undefined;
  const put = (change: Partial<Rule>) => {
    const next = { ...rule, ...change };
    for (const key of ['each', 'maximum', 'valid_for', 'valid_until'] as const) {
      if (next[key] === undefined || next[key] === '' || next[key] === false) delete next[key];
    }
    onChange(next);
  };
  return (
    <div className={classes.lasting}>
      {onActivities(rule.when) && (
        <>
          <Checkbox
            label="Every time"
            aria-label={`Every time, ${place}`}
            checked={rule.each ?? false}
            onChange={(event) =>
              put(event.currentTarget.checked ? { each: true } : { each: false, maximum: undefined })
            }
          />
          {rule.each && (
            <NumberField
              leftSectionWidth={64}
              leftSection="at most"
              aria-label={`At most, ${place}`}
              min={1}
              whole
              placeholder="No limit"
              value={rule.maximum ?? ''}
              onChange={(most) => put({ maximum: most === '' ? undefined : Number(most) })}
            />
          )}
          <TextInput
            leftSectionWidth={92}
            leftSection="expire after"
            aria-label={`Expire after, ${place}`}
            placeholder="Never, or 30 days"
            value={rule.valid_for ?? ''}
            onChange={(event) => put({ valid_for: event.currentTarget.value })}
          />
        </>
      )}
      {ends ? (
        <DateField
          leftSectionWidth={84}
          leftSection="expire on"
          aria-label={`Expire on, ${place}`}
          value={rule.valid_until ?? ''}
          onChange={(until) => put({ valid_until: until })}
        />
      ) : (
        <Anchor
          component="button"
          type="button"
          className={classes.add}
          aria-label={`Add an end date, ${place}`}
          onClick={() => setAsked(true)}
        >
          <IconPlus size={14} stroke={1.75} aria-hidden /> End date
        </Anchor>
      )}
    </div>
  );
}
