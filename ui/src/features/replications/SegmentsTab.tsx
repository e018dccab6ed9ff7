/** The segments whose membership is written to Salesforce, and the fields that hold it. */
import { Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { DateField } from '../../components/DateField';
import { NumberField } from '../../components/NumberField';
import { count } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { NumberCell, Table } from '../../components/Table';
import { sentence, Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type {
  Activation,
  ActivationRequest,
  Activations,
  HostError,
  ReplicationInfo,
} from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Replications.module.css';

export function SegmentsTab({ replication }: { replication: ReplicationInfo }) {
  const shown = useAsk('replications.activations', { name: replication.name });
  if (!shown.data) {
    return shown.isError ? <Trouble error={shown.error} retry={() => void shown.refetch()} /> : <Rows />;
  }
  return (
    <>
      <ActiveCard replication={replication} all={shown.data} />
      <LimitsCard replication={replication} />
    </>
  );
}

function ActiveCard({ replication, all }: { replication: ReplicationInfo; all: Activations }) {
  const prepare = useDo('replications.prepare_org');
  const missing = all.active.filter((one) => one.trouble?.code === 'unknown_mapping_id');
  const active = all.active.length + all.elsewhere;
  return (
    <Card
      title="Active segments"
      about="Leadferry writes “realized” to the field when a contact joins the segment, and “exited” when it leaves."
      aside={
        <span className="num">
          {active}/{all.most}
        </span>
      }
    >
      {all.active.length === 0 && <p className={classes.help}>No segments are synced to Salesforce yet.</p>}
      {all.active.length > 0 && (
        <Table
          label="Active segments"
          heads={[
            { name: 'Segment' },
            { name: 'Mapping ID' },
            { name: 'Members', number: true },
            { name: 'Start date' },
            { name: 'End date' },
            { name: 'Field' },
            { name: 'Deactivate', hidden: true },
          ]}
        >
          {all.active.map((one) => (
            <Active key={one.segment} replication={replication.name} one={one} fields={all.fields} />
          ))}
        </Table>
      )}
      {missing.length > 0 && replication.connection && (
        <>
          {prepare.error && <Trouble error={prepare.error} />}
          <Button
            mt="xs"
            loading={prepare.isPending}
            onClick={() => prepare.mutate({ name: replication.name, check_only: false })}
          >
            Create the missing {missing.length === 1 ? 'field' : 'fields'} in {replication.connection}
          </Button>
        </>
      )}
      <Activate replication={replication} all={all} />
    </Card>
  );
}

function Active({
  replication,
  one,
  fields,
}: {
  replication: string;
  one: Activation;
  fields: readonly string[];
}) {
  const activate = useDo('replications.activate');
  const deactivate = useDo('replications.deactivate');
  const [typed, setTyped] = useState(one.mapping_id);
  const { segment, mapping_id: was } = one;
  const change = (asked: Pick<ActivationRequest, 'mapping_id' | 'from' | 'until'>) =>
    activate.mutate({ name: replication, segment, ...asked });
  const save = (mapping_id: string) => {
    if (mapping_id.trim() && mapping_id !== was) change({ mapping_id });
  };
  return (
    <tr>
      <td>{segment}</td>
      <td>
        <Autocomplete
          aria-label={`Mapping ID of ${segment}`}
          data={[...fields]}
          value={typed}
          onChange={setTyped}
          onOptionSubmit={save}
          onBlur={() => save(typed)}
        />
        {activate.error && <Trouble error={activate.error} />}
      </td>
      <NumberCell>{count(one.members)}</NumberCell>
      <td>
        <Day
          key={`from ${one.from}`}
          label={`Start date of ${segment}`}
          none="Right away"
          value={one.from}
          save={(from) => change({ from })}
        />
      </td>
      <td>
        <Day
          key={`until ${one.until}`}
          label={`End date of ${segment}`}
          none="No end"
          value={one.until}
          save={(until) => change({ until })}
        />
      </td>
      <td>
        {one.phase === 'before' && <Chip tone="accent">Starts later</Chip>}
        {one.phase === 'after' && <Chip tone="look">Ended</Chip>}
        {one.trouble ? (
          <>
            <Chip tone="fail">Invalid</Chip> {sentence(one.trouble.message)} {sentence(one.trouble.cure)}
          </>
        ) : one.state === 'unverified' ? (
          <Chip tone="look">Not verified yet</Chip>
        ) : (
          <Chip tone="done">Ready</Chip>
        )}
      </td>
      <td>
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Deactivate ${segment}`}
          onClick={() =>
            deactivate.mutate(
              { name: replication, segment },
              {
                onSuccess: () =>
                  offerUndo(`Deactivated ${segment}.`, () =>
                    change({ mapping_id: was, from: one.from ?? '', until: one.until ?? '' }),
                  ),
              },
            )
          }
        >
          Deactivate
        </Button>
      </td>
    </tr>
  );
}

/** A day that is saved when the field is left; an empty one is none. */
function Day({
  label,
  none,
  value,
  save,
}: {
  label: string;
  /** What it means where no day is given. */
  none: string;
  value: string | null;
  save: (day: string) => void;
}) {
  const [day, setDay] = useState(value ?? '');
  const done = () => {
    if (day !== (value ?? '')) save(day);
  };
  return (
    <DateField
      aria-label={label}
      placeholder={none}
      w={120}
      value={day}
      onChange={setDay}
      onBlur={done}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done();
      }}
    />
  );
}

function Activate({ replication, all }: { replication: ReplicationInfo; all: Activations }) {
  const activate = useDo('replications.activate');
  const everyone = useDo('replications.activate_all');
  const [segment, setSegment] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const proposed = all.proposed.find(([name]) => name === segment)?.[1] ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!segment) return;
    activate.mutate(
      { name: replication.name, segment, mapping_id: typed.trim() || proposed },
      {
        onSuccess: () => {
          setSegment(null);
          setTyped('');
        },
      },
    );
  };
  return (
    <form onSubmit={submit} className={classes.activate}>
      <Select
        label="Segment"
        placeholder={all.proposed.length === 0 ? 'All segments are active' : 'Choose a segment'}
        searchable
        data={all.proposed.map(([name]) => name)}
        value={segment}
        onChange={setSegment}
      />
      <Autocomplete
        label="Mapping ID"
        placeholder={proposed || 'For example, Hot_leads__c'}
        data={[...all.fields]}
        value={typed}
        onChange={setTyped}
      />
      <Button variant="default" disabled={!proposed} onClick={() => setTyped(proposed)}>
        Use segment name
      </Button>
      <Button type="submit" disabled={!segment} loading={activate.isPending}>
        Activate segment
      </Button>
      {all.proposed.length > 1 && (
        <Button
          variant="default"
          loading={everyone.isPending}
          onClick={() => everyone.mutate({ name: replication.name })}
        >
          Activate all {all.proposed.length} segments
        </Button>
      )}
      {(activate.error ?? everyone.error) && (
        <Trouble error={(activate.error ?? everyone.error) as HostError} focus />
      )}
    </form>
  );
}

function LimitsCard({ replication }: { replication: ReplicationInfo }) {
  const set = useDo('replications.set');
  const { name, settings } = replication;
  const [most, setMost] = useState<string | number>(settings.most_segments);
  const [prefix, setPrefix] = useState(settings.mapping_id_prefix);
  const [suffix, setSuffix] = useState(settings.mapping_id_suffix);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({
      name,
      settings: { most_segments: Number(most), mapping_id_prefix: prefix, mapping_id_suffix: suffix },
    });
  };
  return (
    <Card
      title="Names and limit"
      about="Salesforce allows 25 External ID fields for each object. Segment fields don’t count, so you can raise the limit."
    >
      <form onSubmit={submit} className={classes.activate}>
        <TextInput
          label="Prefix of suggested names"
          placeholder="DEV_"
          value={prefix}
          onChange={(event) => setPrefix(event.currentTarget.value)}
        />
        <TextInput
          label="Suffix of suggested names"
          placeholder="_DEV"
          value={suffix}
          onChange={(event) => setSuffix(event.currentTarget.value)}
        />
        <NumberField label="Most segments for each object" min={1} whole value={most} onChange={setMost} />
        <Button type="submit" variant="default" loading={set.isPending}>
          Save
        </Button>
        {set.error && <Trouble error={set.error} />}
      </form>
    </Card>
  );
}
