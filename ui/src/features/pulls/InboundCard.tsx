/** Which fields of leads and contacts come into contact fields, and when. */
import { ActionIcon, Button, Select, Switch } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Card } from '../../components/Card';
import { Rows } from '../../components/Rows';
import { Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import { CriteriaRows } from '../../criteria/CriteriaRows';
import { isComplete } from '../../criteria/criteria';
import type { InboundMapping, InboundObject, InboundRule, OrgObject, PullFilter } from '../../ipc/bindings';
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
            connection={mapping.data.connection}
            object={object}
            places={mapping.data.places}
          />
        ))}
      </div>
    </Card>
  );
}

type Row = { field: string; to: string; rule: InboundRule };
type EditorProps = {
  pull: string;
  connection: string;
  object: InboundObject;
  places: InboundMapping['places'];
};

function textOf(rows: readonly Row[]): string {
  return rows.map(({ field, to, rule }) => `${field}=${to} ; ${rule}`).join('\n');
}

const rules = (Object.keys(ruleWords) as InboundRule[]).map((rule) => ({
  value: rule,
  label: ruleWords[rule],
}));

function Editor({ pull, connection, object, places }: EditorProps) {
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
                {label} {label !== row.field && <span className={classes.quiet}>{row.field}</span>}
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
                {/^@(consent|refused):/.test(row.to) ? (
                  'A no only'
                ) : (
                  <Select
                    aria-label={`When ${label} comes in`}
                    allowDeselect={false}
                    data={rules}
                    value={row.rule}
                    onChange={(rule) => rule && put(at, { rule: rule as InboundRule })}
                  />
                )}
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
      <Newcomers key={JSON.stringify(object.newcomers)} pull={pull} connection={connection} object={object} />
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

type NewcomersProps = { pull: string; connection: string; object: InboundObject };

/** Whether people who aren't contacts here become contacts, and which of them. */
function Newcomers({ pull, connection, object }: NewcomersProps) {
  const kept = object.newcomers;
  const [filter, setFilter] = useState<PullFilter | null>(kept);
  const set = useDo('inbound.set');
  const fields = useAsk(
    'search.fields',
    { connection, object: object.object as OrgObject },
    { enabled: filter !== null },
  );
  const complete = filter && { ...filter, criteria: filter.criteria.filter(isComplete) };
  const changed = JSON.stringify(complete) !== JSON.stringify(kept);
  const save = () =>
    set.mutate(
      {
        pull,
        object: object.object,
        bring_in: complete !== null,
        ...(complete ? { newcomers: complete } : {}),
      },
      {
        onSuccess: () =>
          say(
            complete ? 'Saved. The next run reads every record again.' : 'Saved. Nobody new is brought in.',
          ),
      },
    );
  return (
    <div className={classes.stack}>
      <Switch
        label={`Create contacts for ${object.object === 'Lead' ? 'leads' : 'Salesforce contacts'} who aren’t in this workspace`}
        description="Only records with an email that no contact has. They are linked at once."
        checked={filter !== null}
        onChange={(event) =>
          setFilter(event.currentTarget.checked ? (kept ?? { matching: 'all', criteria: [] }) : null)
        }
      />
      {filter && fields.isError && <Trouble error={fields.error} retry={() => void fields.refetch()} />}
      {filter && fields.data && (
        <CriteriaRows
          fields={fields.data}
          search={filter}
          onChange={(part) =>
            setFilter({
              matching: part.matching ?? filter.matching,
              criteria: part.criteria ?? filter.criteria,
            })
          }
        />
      )}
      {set.error && <Trouble error={set.error} focus />}
      {changed && (
        <div className={classes.line}>
          <Button loading={set.isPending} onClick={save}>
            Save
          </Button>
          <Button variant="default" onClick={() => setFilter(kept)}>
            Discard changes
          </Button>
        </div>
      )}
    </div>
  );
}
