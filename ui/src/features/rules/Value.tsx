/** What a rule compares with: a text, a number, a date, a span of time, or how often and how something was done. */
import { MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { DateField } from '../../components/DateField';
import { NumberField } from '../../components/NumberField';
import type { ActivityCondition, ActivityField, Comparison, Operator } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { isNumber, operatorsOf, operatorWords, takesValue } from '../../words/conditions';
import { Opportunities } from './Opportunities';
import classes from './Rules.module.css';
import { comparisons } from './subjects';
import type { DoneValue, OpportunityValue } from './tree';

type Props = {
  /** What is asked for, such as `field:city`. */
  field: string;
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
  if (kind === 'activity' || kind === 'opportunities') return {};
  if (spans.includes(operator)) return '30 days';
  return null;
}

/** Returns what is left of a value when a rule compares in another way: a span of time is no date, and no date is one. */
export function fittingValue(kind: string, operator: string, value: unknown): unknown {
  if (kind !== 'date' && kind !== 'date_time') return value;
  const isDate = /^\d{4}-/.test(String(value));
  if (spans.includes(operator)) return isDate || !value ? firstValue(kind, operator) : value;
  return isDate || !takesValue(operator as Operator) ? value : null;
}

export function Value({ field, kind, operator, value, onChange, place }: Props) {
  if (['segment', 'list', 'link', 'consent'].includes(kind)) return <span className={classes.value} />;
  if (kind === 'activity') {
    return <Done operator={operator} value={(value ?? {}) as DoneValue} onChange={onChange} place={place} />;
  }
  if (kind === 'opportunities') {
    return (
      <Opportunities
        operator={operator}
        value={(value ?? {}) as OpportunityValue}
        onChange={onChange}
        place={place}
      />
    );
  }
  if (kind === 'campaign') {
    if (operator === 'not_member') return <span className={classes.value} />;
    return (
      <TextInput
        aria-label={`Status, ${place}`}
        className={classes.value}
        placeholder="with any status"
        value={String(value ?? '')}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (kind === 'points') {
    return (
      <NumberField
        aria-label={`Points, ${place}`}
        className={classes.value}
        whole
        rightSection="points"
        rightSectionWidth={60}
        rightSectionPointerEvents="none"
        value={Number(value) || 0}
        onChange={(points) => onChange(Number(points) || 0)}
      />
    );
  }
  if (!takesValue(operator as Operator)) return <span className={classes.value} />;
  if (spans.includes(operator)) {
    return <SpanInput span={String(value ?? '30 days')} onChange={onChange} place={place} />;
  }
  const isMany = operator === 'one_of' || operator === 'none_of';
  const isWhole = isMany || operator === 'equals' || operator === 'not_equals';
  if (isWhole && countries.includes(field)) {
    return <Countries many={isMany} value={value} onChange={onChange} place={place} />;
  }
  if (isMany) {
    return (
      <TagsInput
        aria-label={`Values, ${place}`}
        className={classes.value}
        placeholder="Type a value and press Enter"
        value={texts(value)}
        onChange={onChange}
      />
    );
  }
  if (isNumber(kind)) {
    return (
      <NumberField
        aria-label={`Value, ${place}`}
        className={classes.value}
        emptyWhileWrong
        value={typeof value === 'number' ? value : ''}
        onChange={onChange}
      />
    );
  }
  if (kind === 'date' || kind === 'date_time') {
    return (
      <DateField
        aria-label={`Value, ${place}`}
        className={classes.value}
        emptyWhileWrong
        value={typeof value === 'string' ? value : ''}
        onChange={onChange}
      />
    );
  }
  return (
    <TextInput
      aria-label={`Value, ${place}`}
      className={classes.value}
      value={Array.isArray(value) ? '' : String(value ?? '')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const countries = ['field:country', 'field:account:country'];

type CountriesProps = Pick<Props, 'value' | 'onChange' | 'place'> & { many: boolean };

/** Countries by their names; contacts hold their codes. */
function Countries({ many, value, onChange, place }: CountriesProps) {
  const places = useAsk('contacts.places', {}).data ?? [];
  const chosen = texts(value);
  const others = chosen.filter((code) => !places.some((one) => one.code === code));
  const data = [
    ...others.map((text) => ({ value: text, label: text })),
    ...places.map(({ code, name }) => ({ value: code, label: name })),
  ];
  if (many) {
    return (
      <MultiSelect
        aria-label={`Values, ${place}`}
        className={classes.value}
        searchable
        hidePickedOptions
        data={data}
        value={chosen}
        onChange={onChange}
      />
    );
  }
  return (
    <Select
      aria-label={`Value, ${place}`}
      className={classes.value}
      searchable
      allowDeselect={false}
      placeholder="Choose a country"
      data={data}
      value={chosen[0] ?? null}
      onChange={onChange}
    />
  );
}

function texts(value: unknown): string[] {
  const all = Array.isArray(value) ? value : [value ?? ''];
  return all.map(String).filter((text) => text !== '');
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
      <NumberField
        aria-label={`Number, ${place}`}
        className={classes.number}
        min={1}
        whole
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
          <NumberField
            aria-label={`Times, ${place}`}
            className={classes.number}
            min={1}
            whole
            rightSection={times.value === 1 ? 'time' : 'times'}
            rightSectionWidth={52}
            rightSectionPointerEvents="none"
            value={times.value}
            onChange={(count) => onChange({ ...value, times: { ...times, value: Number(count) || 1 } })}
          />
        </span>
      )}
      <Select
        aria-label={`Detail, ${place}`}
        className={classes.detail}
        clearable
        placeholder="with any details"
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
        <DetailValue
          kind={kind}
          label={`Value of the detail, ${place}`}
          value={condition.value}
          onChange={(value) => onChange({ ...condition, value })}
        />
      )}
    </span>
  );
}

type DetailValueProps = {
  kind: string;
  label: string;
  value: unknown;
  onChange: (value: string | number) => void;
};

function DetailValue({ kind, label, value, onChange }: DetailValueProps) {
  if (isNumber(kind)) {
    return (
      <NumberField
        aria-label={label}
        emptyWhileWrong
        value={typeof value === 'number' ? value : ''}
        onChange={onChange}
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
