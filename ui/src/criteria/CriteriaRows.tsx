/** Conditions on records of an org: field, operator, value; each on the org's own fields. */
import { ActionIcon, Anchor, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import type { CriteriaMatch, Criterion, OrgSearch, SearchField, SearchFields } from '../ipc/bindings';
import classes from './Criteria.module.css';
import { matchWords, newRow, operatorWords, withOperator } from './criteria';
import { ValueInput } from './ValueInput';

/** What a search or a pull asks of records. */
type Conditions = Pick<OrgSearch, 'criteria' | 'matching'>;

type Props = {
  fields: Pick<SearchFields, 'fields'>;
  search: Conditions;
  onChange: (part: Conditions) => void;
};

export function CriteriaRows({ fields, search, onChange }: Props) {
  const rows = search.criteria ?? [];
  const list = useRef<HTMLDivElement>(null);
  const usable = fields.fields.filter((field) => field.operators.length > 0);
  const put = (at: number, row: Criterion) =>
    onChange({ criteria: rows.map((before, place) => (place === at ? row : before)) });
  const add = () => {
    const begin = usable.find((field) => field.name === 'Email') ?? usable[0];
    if (!begin) return;
    onChange({ criteria: [...rows, newRow(begin)] });
    // The new row is there after the next render; its field is chosen first.
    setTimeout(() => {
      const selects = list.current?.querySelectorAll<HTMLInputElement>('[data-field]');
      selects?.[selects.length - 1]?.focus();
    });
  };
  return (
    <div ref={list} className={classes.criteria} role="group" aria-label="Conditions">
      {rows.length > 1 && (
        <div className={classes.matching}>
          {'Match '}
          <Select
            aria-label="How many conditions must match"
            size="xs"
            w={130}
            allowDeselect={false}
            data={Object.entries(matchWords).map(([value, label]) => ({ value, label }))}
            value={search.matching ?? 'all'}
            onChange={(value) => onChange({ matching: (value ?? 'all') as CriteriaMatch })}
          />
        </div>
      )}
      {rows.map((row, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own, and are few.
          key={at}
          at={at}
          row={row}
          usable={usable}
          onChange={(changed) => put(at, changed)}
          onRemove={() => onChange({ criteria: rows.filter((_, place) => place !== at) })}
        />
      ))}
      <Anchor component="button" type="button" className={classes.add} onClick={add}>
        <IconPlus size={14} stroke={1.75} aria-hidden /> Add condition
      </Anchor>
    </div>
  );
}

type RowProps = {
  at: number;
  row: Criterion;
  usable: readonly SearchField[];
  onChange: (row: Criterion) => void;
  onRemove: () => void;
};

function Row({ at, row, usable, onChange, onRemove }: RowProps) {
  const field = usable.find(({ name }) => name === row.field);
  const place = `condition ${at + 1}`;
  return (
    <div className={classes.criterion}>
      <Select
        aria-label={`Field, ${place}`}
        data-field
        searchable
        allowDeselect={false}
        data={usable.map(({ name, label }) => ({ value: name, label: `${label} (${name})` }))}
        value={row.field}
        onChange={(name) => {
          const chosen = usable.find((one) => one.name === name);
          if (chosen && chosen.name !== row.field) onChange(newRow(chosen));
        }}
      />
      <Select
        aria-label={`Operator, ${place}`}
        allowDeselect={false}
        data={(field?.operators ?? []).map((operator) => ({
          value: operator,
          label: operatorWords[operator],
        }))}
        value={row.operator}
        onChange={(operator) => {
          const chosen = field?.operators.find((one) => one === operator);
          if (chosen) onChange(withOperator(row, chosen));
        }}
      />
      {field ? (
        <ValueInput
          field={field}
          row={row}
          label={`Value, ${place}`}
          onChange={(values) => onChange({ ...row, values })}
        />
      ) : (
        <span className={classes.fault}>This field no longer exists in Salesforce</span>
      )}
      <ActionIcon aria-label={`Remove ${place}`} onClick={onRemove}>
        <IconX size={16} stroke={1.75} />
      </ActionIcon>
    </div>
  );
}
