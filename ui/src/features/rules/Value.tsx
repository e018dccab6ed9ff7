/** What a rule compares with: a text, a number, a date, a span of time, or how often and how something was done. */
import { NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import type { ActivityCondition, ActivityField, Comparison, Operator } from '../../ipc/bindings';
import { isNumber, operatorsOf, operatorWords, takesValue, typedValue } from '../../words/conditions';
import classes from './Rules.module.css';
import { comparisons } from './subjects';
import type { DoneValue } from './tree';

type Props = {
  kind: string;
  operator: string;
  value: unknown;
  onChange: (value: unknown) => void;
  place: string;
};

const spans = ['within_last', 'longer_ago', 'within_next', 'anniversary_within'];

/** Returns what a rule compares with at first. */
export function firstValue(kind: string, operator: string): unknown {
  if (kind === 'points') return 10;
  if (kind === 'activity') return {};
  if (spans.includes(operator)) return '30 days';
  return null;
}

export function Value({ kind, operator, value, onChange, place }: Props) {
  if (['segment', 'list', 'link', 'consent'].includes(kind)) return <span className={classes.value} />;
  if (kind === 'activity') {
    return <Done operator={operator} value={(value ?? {}) as DoneValue} onChange={onChange} place={place} />;
  }
  if (kind === 'points') {
    return (
      <NumberInput
        aria-label={`Points, ${place}`}
        className={classes.value}
        allowDecimal={false}
        value={Number(value) || 0}
        onChange={(points) => onChange(Number(points) || 0)}
      />
    );
  }
  if (!takesValue(operator as Operator)) return <span className={classes.value} />;
  if (spans.includes(operator)) {
    return <SpanInput span={String(value ?? '30 days')} onChange={onChange} place={place} />;
  }
  if (operator === 'one_of' || operator === 'none_of') {
    return (
      <TagsInput
        aria-label={`Values, ${place}`}
        className={classes.value}
        placeholder="Type one and press Enter"
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={onChange}
      />
    );
  }
  return (
    <TextInput
      aria-label={`Value, ${place}`}
      className={classes.value}
      type={kind === 'date' || kind === 'date_time' ? 'date' : 'text'}
      inputMode={isNumber(kind) ? 'decimal' : undefined}
      value={Array.isArray(value) ? '' : String(value ?? '')}
      onChange={(event) => onChange(typedValue(event.currentTarget.value, kind))}
    />
  );
}

const units = ['hours', 'days', 'weeks', 'months', 'years'];

function SpanInput({
  span,
  onChange,
  place,
}: {
  span: string;
  onChange: (span: string) => void;
  place: string;
}) {
  const [number = '30', word = 'days'] = span.split(' ');
  const unit = units.find((one) => one.startsWith(word.replace(/s$/, ''))) ?? 'days';
  const put = (count: string | number, of: string) => onChange(`${Math.max(1, Number(count) || 1)} ${of}`);
  return (
    <span className={classes.span}>
      <NumberInput
        aria-label={`Number, ${place}`}
        className={classes.number}
        min={1}
        allowDecimal={false}
        value={Number(number) || 1}
        onChange={(count) => put(count, unit)}
      />
      <Select
        aria-label={`Unit, ${place}`}
        className={classes.unit}
        allowDeselect={false}
        data={units}
        value={unit}
        onChange={(of) => of && put(number, of)}
      />
    </span>
  );
}

const details: { value: ActivityField; label: string }[] = [
  { value: 'title', label: 'with a title that' },
  { value: 'url', label: 'on a page that' },
  { value: 'value', label: 'with a value that' },
  { value: 'note', label: 'with a note that' },
];

function Done({
  operator,
  value,
  onChange,
  place,
}: {
  operator: string;
  value: DoneValue;
  onChange: (value: DoneValue) => void;
  place: string;
}) {
  const never = operator === 'did_not' || operator === 'did_not_within';
  const spanned = operator !== 'did' && operator !== 'did_not';
  const times = value.times ?? { op: 'at_least' as Comparison, value: 1 };
  const [first, ...others] = value.with ?? [];
  const putWith = (condition: ActivityCondition | undefined) =>
    onChange({ ...value, with: condition ? [condition, ...others] : others });
  return (
    <span className={classes.done}>
      {spanned && (
        <SpanInput
          span={value.span ?? '30 days'}
          onChange={(span) => onChange({ ...value, span })}
          place={place}
        />
      )}
      {!never && (
        <span className={classes.span}>
          <Select
            aria-label={`How often, ${place}`}
            className={classes.unit}
            allowDeselect={false}
            data={comparisons.map(({ name, label }) => ({ value: name, label }))}
            value={times.op}
            onChange={(op) => op && onChange({ ...value, times: { ...times, op: op as Comparison } })}
          />
          <NumberInput
            aria-label={`Times, ${place}`}
            className={classes.number}
            min={1}
            allowDecimal={false}
            suffix={times.value === 1 ? ' time' : ' times'}
            value={times.value}
            onChange={(count) => onChange({ ...value, times: { ...times, value: Number(count) || 1 } })}
          />
        </span>
      )}
      <Select
        aria-label={`Detail, ${place}`}
        className={classes.detail}
        clearable
        placeholder="of any kind"
        data={details}
        value={first?.field ?? null}
        onChange={(field) =>
          putWith(
            field
              ? { field: field as ActivityField, op: field === 'value' ? 'at_least' : 'contains', value: '' }
              : undefined,
          )
        }
      />
      {first && <Detail condition={first} onChange={putWith} place={place} />}
      {others.length > 0 && <span className={classes.words}>and {others.length} more</span>}
    </span>
  );
}

function Detail({
  condition,
  onChange,
  place,
}: {
  condition: ActivityCondition;
  onChange: (condition: ActivityCondition) => void;
  place: string;
}) {
  const kind = condition.field === 'value' ? 'decimal' : 'text';
  const operators = operatorsOf(kind).filter((op) => op !== 'not_equals' || kind === 'text');
  return (
    <span className={classes.span}>
      <Select
        aria-label={`Condition of the detail, ${place}`}
        className={classes.unit}
        allowDeselect={false}
        data={operators.map((op) => ({ value: op, label: operatorWords[op] }))}
        value={condition.op}
        onChange={(op) => op && onChange({ ...condition, op: op as Operator })}
      />
      {takesValue(condition.op) && (
        <TextInput
          aria-label={`Value of the detail, ${place}`}
          value={String(condition.value ?? '')}
          onChange={(event) => onChange({ ...condition, value: typedValue(event.currentTarget.value, kind) })}
        />
      )}
    </span>
  );
}
