/** Fields that have changed in Salesforce: who uses each, what that means, and what to do. */
import type { ChangedField, FieldUserKind } from '../ipc/bindings';
import classes from './ChangedFields.module.css';
import { visible } from './visible';

const nouns: Record<FieldUserKind, string> = {
  replication: 'Replication',
  consent_sync: 'Consent sync',
  pull: 'Pull',
  segment: 'Segment',
  score: 'Score',
  search: 'Saved search',
};

export function howManyChanged({ length }: readonly ChangedField[]): string {
  return length === 1
    ? '1 field that is used here changed in Salesforce'
    : `${length} fields that are used here changed in Salesforce`;
}

export function ChangedFields({ fields }: { fields: readonly ChangedField[] }) {
  return (
    <ul className={classes.fields}>
      {fields.map(({ object, field, change, used_by }) => (
        <li key={`${object}.${field}`}>
          <strong>{visible(change)}</strong>{' '}
          <span className={classes.name}>
            {object}.{field}
          </span>
          <ul>
            {used_by.map(({ kind, name, effect, cure }) => (
              <li key={`${kind} ${name}`}>
                {nouns[kind]} <strong>{visible(name)}</strong>: {visible(effect)} {visible(cure)}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
