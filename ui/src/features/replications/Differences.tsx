/** Field by field: what Salesforce holds, and what would be sent for one contact. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { sentence, Trouble } from '../../components/Trouble';
import type { Before, Change, KeptWhy } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Plan.module.css';
import { shown } from './values';

const keptBecause: Record<KeptWhy, string> = {
  filled: 'Kept: only empty fields are filled',
  on_create_only: 'Kept: only set on new records',
  not_allowed: 'Kept: you can’t edit this field',
  left_out: 'Left out: Salesforce would refuse this value',
};

type Props = {
  replication: string;
  contact: string;
  /** A run has done since what was planned. */
  carriedOut: boolean;
};

export function Differences({ replication, contact, carriedOut }: Props) {
  const asked = useAsk('replications.difference', { name: replication, contact });
  const [open, setOpen] = useState(false);
  if (asked.isError) return <Trouble error={asked.error} retry={() => void asked.refetch()} />;
  if (asked.isPending) return <Rows />;
  const { changes, kept, same } = asked.data;
  // A new record has nothing to be compared with.
  const isNew =
    changes.every((change) => change.before.known === 'nothing') &&
    kept.every((field) => field.why === 'left_out') &&
    same.length === 0;
  const isSame = changes.length === 0 && kept.length === 0;
  return (
    <>
      {isSame && (
        <p className={classes.same}>
          {carriedOut
            ? 'Salesforce has these values now. Nothing is left to send.'
            : 'Salesforce holds these values already. Nothing would be sent.'}
        </p>
      )}
      {(!isSame || open) && (
        <table className={classes.fields} aria-label="What would change">
          <thead>
            <tr>
              <th scope="col">Field</th>
              {!isNew && <th scope="col">In Salesforce</th>}
              <th scope="col">Will be sent</th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.field}>
                <th scope="row">{change.label}</th>
                {!isNew && <td className={`selectable ${classes.quiet}`}>{before(change.before)}</td>}
                <td className="selectable">
                  <Sent change={change} />
                </td>
              </tr>
            ))}
            {kept.map((field) => (
              <tr key={field.field} className={classes.quiet}>
                <th scope="row">{field.label}</th>
                {!isNew && (
                  <td className="selectable">
                    {field.holds === undefined ? 'Not known' : shown(field.holds)}
                  </td>
                )}
                <td>{field.message ? sentence(field.message) : keptBecause[field.why]}</td>
              </tr>
            ))}
            {open &&
              same.map((field) => (
                <tr key={field.field} className={classes.quiet}>
                  <th scope="row">{field.label}</th>
                  <td className="selectable">{shown(field.value)}</td>
                  <td>Same value</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
      {same.length > 0 && (
        <Button
          className={classes.more}
          variant="subtle"
          size="xs"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide' : 'Show'} {counted(same.length, 'unchanged field')}
        </Button>
      )}
    </>
  );
}

function Sent({ change: { value, lost, cut } }: { change: Change }) {
  return (
    <>
      {shown(value)}
      {lost && <s className="strike">{lost}</s>}
      {cut && !lost && (
        <span className={classes.quiet}>
          {' '}
          shortened from {cut.from} to {cut.to}
        </span>
      )}
    </>
  );
}

function before(before: Before): string {
  switch (before.known) {
    case 'nothing':
      return 'No record yet';
    case 'now':
      return shown(before.value);
    case 'sent':
      return `${shown(before.value)} (last sent)`;
    case 'other':
      return 'Another value, sent long ago';
    case 'unknown':
      return 'Not known until it’s matched';
  }
}
