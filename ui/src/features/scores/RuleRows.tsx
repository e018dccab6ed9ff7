/** The rules of a score, to be changed; beside each, how many contacts meet it now. */
import { ActionIcon, Anchor, NumberInput, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconX } from '@tabler/icons-react';
import { count } from '../../components/numbers';
import type { Rule, RuleTried } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { operatorsOf, operatorWords, takesValue, typedValue } from '../../words/conditions';
import { newRule, type RuleField, ruleName, withField, withOperator } from './rules';
import classes from './Scores.module.css';

type Props = {
  rules: readonly Rule[];
  fields: readonly RuleField[];
  onChange: (rules: readonly Rule[]) => void;
};

export function RuleRows({ rules, fields, onChange }: Props) {
  const [settled] = useDebouncedValue(rules, 150);
  const tried = useAsk(
    'scores.try',
    { conditions: settled.map((rule) => rule.when) },
    { enabled: settled.length > 0, keep: true },
  );
  const put = (at: number, rule: Rule) => onChange(rules.map((one, place) => (place === at ? rule : one)));
  return (
    <div className={classes.rules}>
      {rules.length === 0 && <p className={classes.quiet}>Without a rule, every contact has 0 points.</p>}
      {rules.map((rule, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no identity of their own, and are few.
          key={at}
          place={`rule ${at + 1}`}
          rule={rule}
          fields={fields}
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
        <IconPlus size={14} stroke={1.75} aria-hidden /> Add a rule
      </Anchor>
    </div>
  );
}

type RowProps = {
  place: string;
  rule: Rule;
  fields: readonly RuleField[];
  tried: RuleTried | undefined;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
};

function Row({ place, rule, fields, tried, onChange, onRemove }: RowProps) {
  const { when } = rule;
  const field = fields.find(({ name }) => name === when.field);
  const kind = field?.kind ?? 'text';
  return (
    <div>
      <div className={classes.rule}>
        <NumberInput
          aria-label={`Points, ${place}`}
          value={rule.points}
          allowDecimal={false}
          onChange={(points) => onChange({ ...rule, points: Number(points) || 0 })}
        />
        <Select
          aria-label={`Field, ${place}`}
          searchable
          allowDeselect={false}
          data={fields.map(({ name, label }) => ({ value: name, label }))}
          value={when.field}
          onChange={(name) => {
            const chosen = fields.find((one) => one.name === name);
            if (chosen) onChange({ ...rule, name: '', when: withField(when, chosen) });
          }}
        />
        <Select
          aria-label={`Condition, ${place}`}
          allowDeselect={false}
          data={operatorsOf(kind).map((op) => ({ value: op, label: operatorWords[op] }))}
          value={when.op}
          onChange={(chosen) => {
            const op = operatorsOf(kind).find((one) => one === chosen);
            if (op) onChange({ ...rule, name: '', when: withOperator(when, op) });
          }}
        />
        {takesValue(when.op) ? (
          <TextInput
            aria-label={`Value, ${place}`}
            type={kind === 'date' ? 'date' : 'text'}
            value={String(when.value ?? '')}
            onChange={(event) =>
              onChange({
                ...rule,
                name: '',
                when: { ...when, value: typedValue(event.currentTarget.value, kind) },
              })
            }
          />
        ) : (
          <span />
        )}
        <span className={`${classes.meets} num`} role="status">
          {tried?.contacts !== undefined && tried.contacts !== null && `${count(tried.contacts)} meet it`}
        </span>
        <ActionIcon aria-label={`Remove ${place}`} onClick={onRemove}>
          <IconX size={16} stroke={1.75} />
        </ActionIcon>
      </div>
      {tried?.refused && (
        <p role="alert" className={classes.fault}>
          {ruleName(rule, fields)}: {tried.refused}.
        </p>
      )}
    </div>
  );
}
