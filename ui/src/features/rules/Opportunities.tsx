/** How many opportunities there are, whose they are, what they come to, and which of them count. */
import { Select, TextInput } from '@mantine/core';
import { DateField } from '../../components/DateField';
import { NumberField } from '../../components/NumberField';
import type { AskableField, Comparison, Condition, Operator, Sum, Through } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { isNumber, operatorsOf, operatorWords, takesValue } from '../../words/conditions';
import classes from './Rules.module.css';
import { comparisons } from './subjects';
import type { OpportunityValue } from './tree';

type Props = {
  operator: string;
  value: OpportunityValue;
  onChange: (value: OpportunityValue) => void;
  place: string;
};

const ways = [
  { value: 'any', label: 'of the account or with a contact role' },
  { value: 'account', label: 'of the account' },
  { value: 'role', label: 'with a contact role' },
];

export function Opportunities({ operator, value, onChange, place }: Props) {
  const fields = useAsk('mirror.askable', {}).data?.opportunity_fields ?? [];
  const [first, ...others] = value.with ?? [];
  const putWith = (condition: Condition | undefined) =>
    onChange({ ...value, with: condition ? [condition, ...others] : others });
  const choose = (name: string | null) => {
    const kind = fields.find((field) => field.name === name)?.kind ?? 'text';
    const op = operatorsOf(kind)[0] ?? 'is_set';
    putWith(name ? { field: name, op, ...(takesValue(op) ? { value: '' } : {}) } : undefined);
  };
  return (
    <span className={classes.done}>
      {operator !== 'any_number' && (
        <NumberField
          aria-label={`How many, ${place}`}
          className={classes.number}
          min={operator === 'at_least' ? 1 : 0}
          whole
          value={value.count ?? 1}
          onChange={(count) => onChange({ ...value, count: Number(count) || 0 })}
        />
      )}
      <Select
        aria-label={`Whose opportunities, ${place}`}
        className={classes.through}
        allowDeselect={false}
        data={ways}
        value={value.through ?? 'any'}
        onChange={(through) => through && onChange({ ...value, through: through as Through })}
      />
      <Worth
        sum={value.sum}
        isNeeded={operator === 'any_number'}
        onChange={(sum) => onChange({ ...value, sum })}
        place={place}
      />
      <Select
        aria-label={`Field of the opportunities, ${place}`}
        className={classes.detail}
        clearable
        searchable
        placeholder="with any details"
        data={fields.map(({ name, label }) => ({ value: name, label: `whose ${label}` }))}
        value={first?.field ?? null}
        onChange={choose}
      />
      {first && <Detail fields={fields} condition={first} onChange={putWith} place={place} />}
      {others.length > 0 && <span className={classes.words}>and {others.length} more</span>}
    </span>
  );
}

type WorthProps = {
  sum: Sum | undefined;
  isNeeded: boolean;
  onChange: (sum: Sum | undefined) => void;
  place: string;
};

/** What the amounts come to. */
function Worth({ sum, isNeeded, onChange, place }: WorthProps) {
  const shown = sum ?? (isNeeded ? { op: 'at_least' as const, value: 1 } : undefined);
  return (
    <span className={classes.span}>
      <Select
        aria-label={`Total amount, ${place}`}
        className={classes.detail}
        clearable={!isNeeded}
        allowDeselect={!isNeeded}
        placeholder="of any amount"
        data={comparisons.map(({ name, label }) => ({ value: name, label: `worth ${label}` }))}
        value={shown?.op ?? null}
        onChange={(op) => onChange(op ? { op: op as Comparison, value: shown?.value ?? 1 } : undefined)}
      />
      {shown && (
        <NumberField
          aria-label={`Amount, ${place}`}
          className={classes.unit}
          value={shown.value}
          onChange={(amount) => onChange({ ...shown, value: Number(amount) || 0 })}
        />
      )}
    </span>
  );
}

type DetailProps = {
  fields: readonly AskableField[];
  condition: Condition;
  onChange: (condition: Condition) => void;
  place: string;
};

function Detail({ fields, condition, onChange, place }: DetailProps) {
  const kind = fields.find((field) => field.name === condition.field)?.kind ?? 'text';
  const put = (op: Operator) =>
    onChange({ field: condition.field, op, ...(takesValue(op) ? { value: condition.value ?? '' } : {}) });
  const label = `Value of the opportunities, ${place}`;
  const value = condition.value;
  return (
    <span className={classes.span}>
      <Select
        aria-label={`Condition of the opportunities, ${place}`}
        className={classes.unit}
        allowDeselect={false}
        data={operatorsOf(kind).map((op) => ({ value: op, label: operatorWords[op] }))}
        value={condition.op}
        onChange={(op) => op && put(op as Operator)}
      />
      {takesValue(condition.op) && isNumber(kind) && (
        <NumberField
          aria-label={label}
          emptyWhileWrong
          value={typeof value === 'number' ? value : ''}
          onChange={(number) => onChange({ ...condition, value: number })}
        />
      )}
      {takesValue(condition.op) && (kind === 'date' || kind === 'date_time') && (
        <DateField
          aria-label={label}
          emptyWhileWrong
          value={typeof value === 'string' ? value : ''}
          onChange={(date) => onChange({ ...condition, value: date })}
        />
      )}
      {takesValue(condition.op) && !isNumber(kind) && kind !== 'date' && kind !== 'date_time' && (
        <TextInput
          aria-label={label}
          value={String(value ?? '')}
          onChange={(event) => onChange({ ...condition, value: event.currentTarget.value })}
        />
      )}
    </span>
  );
}
