/** The filters that need more than a click: a condition on a field, minimum points in a score, a segment, and consent. */
import { Select, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { NumberField } from '../../components/NumberField';
import type {
  ConsentStanding,
  ContactFieldInfo,
  ContactsFilter,
  Operator,
  ScoreInfo,
  SegmentInfo,
} from '../../ipc/bindings';
import { operatorsOf, operatorWords, takesValue } from '../../words/conditions';
import { standings } from '../../words/consents';
import { FilterValue } from './FilterValue';
import { withCondition, withPoints } from './filters';
import { isPlace } from './panel/FieldRow';

type Props = {
  filter: ContactsFilter;
  onDone: (filter: ContactsFilter) => void;
  onClose: () => void;
};

export function ConditionDialog({
  fields,
  filter,
  onDone,
  onClose,
}: Props & { fields: readonly ContactFieldInfo[] }) {
  const [name, setName] = useState('country');
  const field = fields.find((one) => one.name === name);
  const operators = offered(field);
  const [op, setOp] = useState<Operator | null>(null);
  const [value, setValue] = useState<string | number>('');
  const chosen = op && operators.includes(op) ? op : (operators[0] ?? 'is_set');
  const done = () =>
    onDone(
      withCondition(filter, {
        field: name,
        op: chosen,
        ...(takesValue(chosen) ? { value: typeof value === 'string' ? value.trim() : value } : {}),
      }),
    );
  return (
    <Form
      title="Filter by field"
      complete={!takesValue(chosen) || String(value).trim() !== ''}
      onDone={done}
      onClose={onClose}
    >
      <Select
        label="Field"
        data-autofocus
        searchable
        allowDeselect={false}
        data={fields.map((one) => ({ value: one.name, label: one.label }))}
        value={name}
        onChange={(next) => {
          if (!next) return;
          setName(next);
          setValue('');
        }}
      />
      <Select
        label="Condition"
        allowDeselect={false}
        data={operators.map((one) => ({ value: one, label: operatorWords[one] }))}
        value={chosen}
        onChange={(next) => {
          setOp(next as Operator | null);
          // A country that is chosen is a code, and one that is typed is not.
          if (field && isPlace(field)) setValue('');
        }}
      />
      {field && takesValue(chosen) && (
        <FilterValue key={name} field={field} operator={chosen} value={value} onChange={setValue} />
      )}
    </Form>
  );
}

/** Returns what can be asked of a field, the usual first; of a country, whether it is one. */
function offered(field: ContactFieldInfo | undefined): readonly Operator[] {
  const operators = operatorsOf(field?.kind ?? 'text');
  return field && isPlace(field) ? [...new Set<Operator>(['equals', 'not_equals', ...operators])] : operators;
}

export function PointsDialog({ scores, filter, onDone, onClose }: Props & { scores: readonly ScoreInfo[] }) {
  const [score, setScore] = useState(scores[0]?.name ?? '');
  const [least, setLeast] = useState<number | string>(40);
  return (
    <Form
      title="Filter by score"
      complete={score !== '' && least !== ''}
      onDone={() => onDone(withPoints(filter, { score, at_least: Number(least) }))}
      onClose={onClose}
    >
      <Select
        label="Score"
        allowDeselect={false}
        data={scores.map((one) => one.name)}
        value={score}
        onChange={(next) => next && setScore(next)}
      />
      <NumberField label="Minimum points" data-autofocus whole value={least} onChange={setLeast} />
    </Form>
  );
}

export function SegmentDialog({
  segments,
  filter,
  onDone,
  onClose,
}: Props & { segments: readonly SegmentInfo[] }) {
  const [segment, setSegment] = useState(segments[0]?.name ?? '');
  return (
    <Form
      title="Filter by segment"
      complete={segment !== ''}
      onDone={() => onDone({ ...filter, segment })}
      onClose={onClose}
    >
      <Select
        label="Segment"
        data-autofocus
        searchable
        allowDeselect={false}
        data={segments.map((one) => one.name)}
        value={segment}
        onChange={(next) => next && setSegment(next)}
      />
    </Form>
  );
}

export function ConsentDialog({
  purposes,
  filter,
  onDone,
  onClose,
}: Props & { purposes: readonly string[] }) {
  const [consent, setConsent] = useState(purposes[0] ?? '');
  const [is, setIs] = useState<ConsentStanding>('given');
  return (
    <Form
      title="Filter by consent"
      complete={consent !== ''}
      onDone={() => onDone({ ...filter, consent: { consent, is } })}
      onClose={onClose}
    >
      <Select
        label="Purpose"
        data-autofocus
        searchable
        allowDeselect={false}
        data={[...purposes]}
        value={consent}
        onChange={(next) => next && setConsent(next)}
      />
      <Select
        label="Answer"
        allowDeselect={false}
        data={standings}
        value={is}
        onChange={(next) => next && setIs(next)}
      />
    </Form>
  );
}

type FormProps = {
  title: string;
  complete: boolean;
  onDone: () => void;
  onClose: () => void;
  children: ReactNode;
};

function Form({ title, complete, onDone, onClose, children }: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete) onDone();
  };
  return (
    <Dialog opened onClose={onClose} title={title} size={420}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {children}
          <DialogButtons onCancel={onClose} disabled={!complete && 'Complete the filter'}>
            Apply filter
          </DialogButtons>
        </Stack>
      </form>
    </Dialog>
  );
}
