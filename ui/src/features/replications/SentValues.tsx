/** What a run sent for one contact, and what its record held before. */
import { Link } from '@tanstack/react-router';
import type { RunContact } from '../../ipc/bindings';
import classes from './Plan.module.css';
import { shown } from './values';

export function SentValues({ contact: { fields, record_id } }: { contact: RunContact }) {
  const wasRead = fields.some((field) => field.before !== undefined);
  return (
    <>
      {record_id && (
        <p className={classes.note}>
          Record <span className="mono selectable">{record_id}</span>
        </p>
      )}
      {fields.length === 0 ? (
        <p className={classes.note}>
          {record_id
            ? 'The values are no longer kept. Settings says for how many days they are.'
            : 'Nothing was sent. Salesforce already has these values.'}
        </p>
      ) : (
        <table className={classes.fields} aria-label="What was sent">
          <thead>
            <tr>
              <th scope="col">Field</th>
              {wasRead && <th scope="col">Before</th>}
              <th scope="col">Sent</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ field, label, before, sent }) => (
              <tr key={field}>
                <th scope="row">{label}</th>
                {wasRead && (
                  <td className={`selectable ${classes.quiet}`}>
                    {before === undefined ? '' : shown(before)}
                  </td>
                )}
                <td className="selectable">{shown(sent)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** A contact's name in the head of a panel, which leads to the contact. */
export function ContactName({ contact, name }: { contact: string; name: string }) {
  return (
    <Link to="/contacts" search={{ open: contact }} className={classes.who}>
      <strong>{name}</strong>
    </Link>
  );
}
