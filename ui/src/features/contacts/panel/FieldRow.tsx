/** One field of a contact: read as text, changed where it stands on a click, Enter or F2. */
import { CloseButton, Switch } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { inWords } from '../../../components/Trouble';
import { today } from '../../../components/written';
import type { ContactCard, ContactFieldInfo } from '../../../ipc/bindings';
import { useAsk } from '../../../ipc/queries';
import { FieldInput } from './FieldInput';
import { isFilled } from './groups';
import classes from './Panel.module.css';
import { doubt, type Setting, shown, typed } from './shown';
import { useSaveField } from './useSaveField';

type Props = {
  card: ContactCard;
  field: ContactFieldInfo;
  timeZone: string;
  /** To be filled in now: it opens and takes the focus. */
  isWanted: boolean;
  onTaken: () => void;
};

export function FieldRow(props: Props) {
  const { field, card } = props;
  if (card.deleted_at !== null) return <Still {...props} />;
  return field.kind === 'yes_no' ? <YesNo {...props} /> : <Written {...props} />;
}

/** A field of a deleted contact: nothing about it can be changed. */
function Still({ card, field, timeZone }: Props) {
  const setting = useSetting(card, field, timeZone);
  return (
    <div className={classes.field}>
      <span className={classes.label}>{field.label}</span>
      <span className={`${classes.value} selectable`}>
        {isFilled(card.fields[field.name]) && shown(field, card.fields[field.name] ?? '', setting)}
      </span>
    </div>
  );
}

function Written({ card, field, timeZone, isWanted, onTaken }: Props) {
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const row = useRef<HTMLDivElement>(null);
  const { save, error, forget } = useSaveField(card, field);
  const setting = useSetting(card, field, timeZone);
  const value = card.fields[field.name];
  const doubts = doubt(field, value, setting, today());
  useEffect(() => {
    if (!isWanted) return;
    setEditing(true);
    row.current?.scrollIntoView?.({ block: 'center' });
    onTaken();
  }, [isWanted, onTaken]);
  const leave = () => {
    // Whoever moved on to something else keeps the focus there.
    const isHere = row.current?.contains(document.activeElement);
    setEditing(false);
    forget();
    if (isHere) requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <div ref={row} className={classes.field}>
      <span className={classes.label} id={`label ${field.name}`}>
        {field.label}
      </span>
      {editing ? (
        <FieldInput
          field={field}
          was={typed(field, value, setting)}
          choices={isPlace(field) ? setting.places.map(({ name }) => name) : null}
          error={error && inWords(error)}
          onSave={(text) => save(text, leave)}
          onCancel={leave}
        />
      ) : (
        <div>
          <button
            ref={button}
            type="button"
            className={`${classes.value} ${classes.editable}`}
            aria-label={`${field.label}: ${isFilled(value) ? shown(field, value ?? '', setting) : 'empty'}`}
            aria-describedby={doubts ? `doubt ${field.name}` : undefined}
            onClick={() => setEditing(true)}
            onKeyDown={(event) => event.key === 'F2' && setEditing(true)}
          >
            {isFilled(value) ? shown(field, value ?? '', setting) : <span className={classes.none}>–</span>}
          </button>
          {doubts && (
            <p className={classes.doubt} id={`doubt ${field.name}`}>
              {doubts}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function YesNo({ card, field, isWanted, onTaken }: Props) {
  const { save, error, busy } = useSaveField(card, field);
  const input = useRef<HTMLInputElement>(null);
  const value = card.fields[field.name];
  const isSet = typeof value === 'boolean';
  useEffect(() => {
    if (!isWanted) return;
    input.current?.focus();
    onTaken();
  }, [isWanted, onTaken]);
  return (
    <div className={classes.field}>
      <span className={classes.label}>{field.label}</span>
      <span className={classes.yesNo}>
        <Switch
          ref={input}
          size="xs"
          aria-label={field.label}
          label={isSet ? (value ? 'Yes' : 'No') : 'Not set'}
          checked={value === true}
          disabled={busy}
          error={error && inWords(error)}
          onChange={(event) => save(event.currentTarget.checked ? 'yes' : 'no')}
        />
        {isSet && field.custom && (
          <CloseButton size="xs" aria-label={`Clear ${field.label}`} onClick={() => save('')} />
        )}
      </span>
    </div>
  );
}

/** Tells whether a field is chosen from a list of places. */
export function isPlace({ name }: ContactFieldInfo): boolean {
  return name === 'country' || name === 'state';
}

function useSetting(card: ContactCard, field: ContactFieldInfo, timeZone: string): Setting {
  const { country, state } = card.fields;
  const isState = field.name === 'state';
  // The code of a state begins with its country's.
  const owner = typeof country === 'string' ? country : typeof state === 'string' ? state.slice(0, 2) : '';
  const of = isState ? { country: owner } : {};
  const places = useAsk('contacts.places', of, { enabled: isPlace(field) }).data ?? [];
  return { timeZone, places };
}
