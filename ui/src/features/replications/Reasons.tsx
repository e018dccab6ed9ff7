/** Why contacts of a plan are blocked or left out: how many for each reason, and what can be done about all of them. */
import { Button } from '@mantine/core';
import { count } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import type { PlannedReason, PlannedRemark, RemarkKind, WhyNot } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { GroupCures } from './GroupCures';
import classes from './Plan.module.css';
import { reasonWords } from './words';

/** What the list below is narrowed to; all of them while it is empty. */
export type Reason = {
  code?: string;
  field?: string;
  message?: string;
  remark?: RemarkKind;
  why?: WhyNot;
};

type Props = { name: string; chosen: Reason; onChoose: (reason: Reason) => void };

export function BlockedReasons({ name, chosen, onChoose }: Props) {
  const { data, isError, error, isPending, refetch } = useAsk('replications.blocked_by', { name });
  if (isError) return <Trouble error={error} retry={() => void refetch()} />;
  if (isPending) return <Rows />;
  const isChosen = (one: PlannedReason) =>
    one.code === chosen.code &&
    (one.field === null ? one.message === chosen.message : one.field === chosen.field);
  const narrowedTo = ({ code, field, message }: PlannedReason): Reason =>
    field === null ? { code, message } : { code, field };
  return (
    <ul className={classes.reasons} aria-label="Reasons">
      {data.map((one) => (
        <li key={`${one.code} ${one.message}`} className={classes.reason}>
          <Choice
            contacts={one.contacts}
            pressed={isChosen(one)}
            onClick={() => onChoose(isChosen(one) ? {} : narrowedTo(one))}
          >
            <strong>{one.label}.</strong> {sentence(one.message)}
          </Choice>
          <GroupCures group={one} replication={name} planned />
        </li>
      ))}
    </ul>
  );
}

/** What becomes of values that don't go as they are. */
export function Remarks({ name, chosen, onChoose }: Props) {
  const { data, isError, error, isPending, refetch } = useAsk('replications.remarks', { name });
  if (isError) return <Trouble error={error} retry={() => void refetch()} />;
  if (isPending) return <Rows />;
  const isChosen = (one: PlannedRemark) => one.kind === chosen.remark && one.field === chosen.field;
  return (
    <ul className={classes.reasons} aria-label="Values that change">
      {data.map((one) => (
        <li key={`${one.kind} ${one.field}`} className={classes.reason}>
          <Choice
            contacts={one.contacts}
            pressed={isChosen(one)}
            onClick={() => onChoose(isChosen(one) ? {} : { remark: one.kind, field: one.field })}
          >
            {sentence(one.message)}
          </Choice>
        </li>
      ))}
    </ul>
  );
}

export function LeftOutReasons({ name, chosen, onChoose }: Props) {
  const { data, isError, error, isPending, refetch } = useAsk('replications.unplanned_reasons', { name });
  if (isError) return <Trouble error={error} retry={() => void refetch()} />;
  if (isPending) return <Rows />;
  const leftOut = data.filter(({ why }) => why !== 'same' && why !== 'went_once');
  return (
    <ul className={classes.reasons} aria-label="Reasons">
      {leftOut.map(({ why, contacts }) => (
        <li key={why} className={classes.reason}>
          <Choice
            contacts={contacts}
            pressed={chosen.why === why}
            onClick={() => onChoose(chosen.why === why ? {} : { why })}
          >
            {reasonWords[why]}
          </Choice>
        </li>
      ))}
    </ul>
  );
}

type ChoiceProps = { contacts: number; pressed: boolean; onClick: () => void; children: React.ReactNode };

function Choice({ contacts, pressed, onClick, children }: ChoiceProps) {
  return (
    <Button
      variant={pressed ? 'light' : 'subtle'}
      aria-pressed={pressed}
      onClick={onClick}
      classNames={{ root: classes.choice, inner: classes.choiceInner, label: classes.choiceLabel }}
    >
      <span className={`num ${classes.choiceCount}`}>{count(contacts)}</span>
      <span className={classes.choiceWords}>{children}</span>
    </Button>
  );
}
