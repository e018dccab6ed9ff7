/** Purposes, preferences and values, each with the field of Salesforce that it goes to. */
import { Checkbox, Select } from '@mantine/core';
import { disabledFor } from '../../components/disabled';
import { Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import type { ConsentField, ConsentLine, LineLevel } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Consents.module.css';

const indents: Record<LineLevel, string | undefined> = {
  opt_out: undefined,
  purpose: undefined,
  preference: classes.preference,
  preference_value: classes.value,
};

export function FieldTree({ sync }: { sync: string }) {
  const tree = useAsk('consent_syncs.tree', { name: sync });
  const map = useDo('consent_syncs.map');
  if (tree.isError) return <Trouble error={tree.error} retry={() => void tree.refetch()} />;
  if (!tree.data) return null;
  const put = (path: string, field: string | null, negated: boolean) =>
    map.mutate({ name: sync, path, negated, ...(field ? { field } : {}) });
  return (
    <>
      {map.error && <Trouble error={map.error} />}
      <Table
        label={`Fields of ${sync}`}
        heads={[{ name: 'Consent' }, { name: 'Field in Salesforce' }, { name: 'Negated' }]}
      >
        {tree.data.lines.map((line) => (
          <tr key={line.path}>
            <td title={line.path}>
              <span className={indents[line.level]}>{line.label}</span>
            </td>
            <td>
              <Select
                aria-label={`Field for ${line.label}`}
                placeholder="None (not sent)"
                searchable
                clearable
                nothingFoundMessage="No results"
                data={choices(line, tree.data.fields)}
                value={line.field}
                error={line.trouble ? sentence(line.trouble) : undefined}
                description={line.missing ? 'Not in Salesforce yet' : undefined}
                onChange={(field) => put(line.path, field, line.negated)}
              />
            </td>
            <td>
              {(line.level === 'purpose' || line.level === 'preference_value') && (
                <Checkbox
                  aria-label={`${line.label} negated`}
                  {...disabledFor(!line.field && 'Choose a field first')}
                  checked={line.negated}
                  onChange={(event) => put(line.path, line.field, event.currentTarget.checked)}
                />
              )}
            </td>
          </tr>
        ))}
      </Table>
      <p className={classes.quiet}>
        Purposes and values go to checkboxes, preferences to text or picklists. Negated ticks the checkbox for
        a refusal.
      </p>
    </>
  );
}

/** Returns the fields that fit, and the one that could be made. */
function choices(line: ConsentLine, fields: readonly ConsentField[]) {
  const fitting = fields.filter((field) => field.fits === line.fits);
  const listed = fitting.map((field) => ({
    value: field.name,
    label: field.label === field.name ? field.name : `${field.label} (${field.name})`,
  }));
  const others = [line.field, line.suggested].filter(
    (name): name is string => name !== null && !fields.some((field) => field.name === name),
  );
  const made = [...new Set(others)].map((name) => ({
    value: name,
    label: name.endsWith('__c') ? `${name} (new field)` : name,
  }));
  return [...listed, ...made];
}
