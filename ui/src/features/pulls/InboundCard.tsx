/** Which fields of leads and contacts come into contact fields, and when. */
import { ActionIcon, Button, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { InboundMapping, InboundObject, InboundRule } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Pulls.module.css';
import { ruleWords } from './words';

export function InboundCard({ pull }: { pull: string }) {
  const mapping = useAsk('inbound.show', { name: pull });
  if (mapping.data?.objects.length === 0) return null;
  return (
    <Card
      title="Into contacts"
      about="Values that come into the contacts a record is linked to. They don’t go out again as changes."
    >
      {mapping.isError && <Trouble error={mapping.error} retry={() => void mapping.refetch()} />}
      {mapping.isPending && <Rows count={4} />}
      <div className={classes.stack}>
        {mapping.data?.objects.map((object) => (
          <Editor
            key={`${object.object} ${object.text}`}
            pull={pull}
            object={object}
            places={mapping.data.places}
          />
        ))}
      </div>
    </Card>
  );
}

type Row = { field: string; to: string; rule: InboundRule };
type EditorProps = { pull: string; object: InboundObject; places: InboundMapping['places'] };

function textOf(rows: readonly Row[]): string {
  return rows.map(({ field, to, rule }) => `${field}=${to} ; ${rule}`).join('\n');
}

const rules = (Object.keys(ruleWords) as InboundRule[]).map((rule) => ({
  value: rule,
  label: ruleWords[rule],
}));

function Editor({ pull, object, places }: EditorProps) {
  const kept: Row[] = object.rows.map(({ field, to, rule }) => ({ field, to, rule }));
  const [rows, setRows] = useState<readonly Row[]>(kept);
  const set = useDo('inbound.set');
  const changed = textOf(rows) !== textOf(kept);
  const put = (at: number, part: Partial<Row>) =>
    setRows(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const save = (text?: string) =>
    set.mutate(
      { pull, object: object.object, ...(text === undefined ? { usual: true } : { text }) },
      { onSuccess: () => say('Saved. The next run compares every linked record.') },
    );
  const fieldOf = (name: string) => object.fields.find((one) => one.name === name);
  const free = object.fields.filter((field) => !rows.some((row) => row.field === field.name));
  const add = (name: string | null) => {
    const taken = rows.map((row) => row.to);
    const to = fieldOf(name ?? '')?.fits.find((place) => !taken.includes(place));
    if (name && to) setRows([...rows, { field: name, to, rule: 'if_empty' }]);
  };
  return (
    <section aria-label={object.object} className={classes.stack}>
      <strong>{object.object}</strong>
      <Table
        label={`Fields of ${object.object}`}
        heads={[
          { name: 'Salesforce field' },
          { name: 'Contact field' },
          { name: 'When' },
          { name: 'Remove', hidden: true },
        ]}
      >
        {rows.map((row, at) => {
          const field = fieldOf(row.field);
          const label = field?.label ?? row.field;
          const fitting = places.filter(({ name }) => !field || field.fits.includes(name));
          return (
            <tr key={row.field}>
              <td>
                {label} <span className={classes.quiet}>{row.field}</span>
              </td>
              <td>
                <Select
                  aria-label={`Contact field for ${label}`}
                  allowDeselect={false}
                  searchable
                  data={fitting.map(({ name, label: words }) => ({ value: name, label: words }))}
                  value={row.to}
                  onChange={(to) => to && put(at, { to })}
                />
              </td>
              <td>
                <Select
                  aria-label={`When ${label} comes in`}
                  allowDeselect={false}
                  data={rules}
                  value={row.rule}
                  onChange={(rule) => rule && put(at, { rule: rule as InboundRule })}
                />
              </td>
              <td>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${label}`}
                  onClick={() => setRows(rows.filter((_, index) => index !== at))}
                >
                  <IconX size={16} stroke={1.75} />
                </ActionIcon>
              </td>
            </tr>
          );
        })}
        {object.opt_outs.map(({ field, label, to_label }) => (
          <tr key={field}>
            <td>
              {label} <span className={classes.quiet}>{field}</span>
            </td>
            <td>{to_label}</td>
            <td>Opt-outs only</td>
            <td />
          </tr>
        ))}
      </Table>
      {object.findings.length > 0 && (
        <ul className={classes.notes} aria-label={`Notes on ${object.object}`}>
          {object.findings.map(({ message, cure }) => (
            <li key={message}>
              {message}. {cure}.
            </li>
          ))}
        </ul>
      )}
      {set.error && <Trouble error={set.error} focus />}
      <div className={classes.line}>
        <Select
          aria-label={`Add a field of ${object.object}`}
          placeholder="Add field"
          searchable
          className={classes.words}
          nothingFoundMessage="No results"
          data={free.map(({ name, label }) => ({ value: name, label: `${label} (${name})` }))}
          value={null}
          onChange={add}
        />
        {changed && (
          <>
            <Button loading={set.isPending} onClick={() => save(textOf(rows))}>
              Save
            </Button>
            <Button variant="default" onClick={() => setRows(kept)}>
              Discard changes
            </Button>
          </>
        )}
        {!changed && !object.usual && (
          <Button variant="default" loading={set.isPending} onClick={() => save()}>
            Reset
          </Button>
        )}
      </div>
    </section>
  );
}
