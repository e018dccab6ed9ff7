/** The filters that need more than a click: a condition on a field, least points in a score, and a segment. */
import { Modal, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { DialogButtons } from '../../components/DialogButtons';
import type { ContactFieldInfo, ContactsFilter, Operator, ScoreInfo, SegmentInfo } from '../../ipc/bindings';
import { isNumber, operatorsOf, operatorWords, takesValue, typedValue } from '../../words/conditions';
import { withCondition, withPoints } from './filters';

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
  const kind = field?.kind ?? 'text';
  const operators = operatorsOf(kind);
  const [op, setOp] = useState<Operator | null>(null);
  const [value, setValue] = useState('');
  const chosen = op && operators.includes(op) ? op : (operators[0] ?? 'is_set');
  const done = () =>
    onDone(
      withCondition(filter, {
        field: name,
        op: chosen,
        ...(takesValue(chosen) ? { value: typedValue(value, kind) } : {}),
      }),
    );
  return (
    <Dialog
      title="Filter by a field"
      complete={!takesValue(chosen) || value.trim() !== ''}
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
        onChange={(next) => next && setName(next)}
      />
      <Select
        label="Condition"
        allowDeselect={false}
        data={operators.map((one) => ({ value: one, label: operatorWords[one] }))}
        value={chosen}
        onChange={(next) => setOp(next as Operator | null)}
      />
      {takesValue(chosen) && (
        <TextInput
          label="Value"
          type={kind === 'date' ? 'date' : isNumber(kind) ? 'number' : 'text'}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
    </Dialog>
  );
}

export function PointsDialog({ scores, filter, onDone, onClose }: Props & { scores: readonly ScoreInfo[] }) {
  const [score, setScore] = useState(scores[0]?.name ?? '');
  const [least, setLeast] = useState<number | string>(40);
  return (
    <Dialog
      title="Filter by points"
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
      <NumberInput label="At least" data-autofocus allowDecimal={false} value={least} onChange={setLeast} />
    </Dialog>
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
    <Dialog
      title="Filter by a segment"
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
    </Dialog>
  );
}

type DialogProps = {
  title: string;
  complete: boolean;
  onDone: () => void;
  onClose: () => void;
  children: ReactNode;
};

function Dialog({ title, complete, onDone, onClose, children }: DialogProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete) onDone();
  };
  return (
    <Modal opened onClose={onClose} title={title} size={420}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {children}
          <DialogButtons onCancel={onClose} disabled={!complete}>
            Filter
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}
