/** The segments whose membership is written to Salesforce, and the fields that hold it. */
import { Autocomplete, Button, Select, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { DateField } from '../../components/DateField';
import { disabledFor } from '../../components/disabled';
import { NumberField } from '../../components/NumberField';
import { count, counted } from '../../components/numbers';
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
      about="Shows in Salesforce who is in a segment. Leadferry writes “realized” to a field when a contact joins, and “exited” when they leave."
      aside={
        <span className="num">
          {count(active)} of {counted(all.most, 'segment')}
        </span>
      }
    >
      {all.active.length === 0 && (
        <p className={classes.help}>
          {all.proposed.length === 0 ? (
            <>
              No segments yet. <Link to="/new-segment">Create a segment</Link> to show its members in
              Salesforce.
            </>
          ) : (
            'No segments are synced to Salesforce yet. Choose one, and the field that holds its status.'
          )}
        </p>
      )}
      {all.active.length > 0 && (
        <Table
          label="Active segments"
          heads={[
            { name: 'Segment' },
            { name: 'Field in Salesforce' },
            { name: 'Members', number: true },
            { name: 'Start date' },
            { name: 'End date' },
            { name: 'State' },
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
      {all.proposed.length > 0 && <Activate replication={replication} all={all} />}
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
      <td>
        <Link to="/segments/$name" params={{ name: segment }} className={classes.name}>
          {segment}
        </Link>
      </td>
      <td>
        <Autocomplete
          aria-label={`Field of ${segment}`}
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
        {one.trouble?.code === 'unknown_mapping_id' ? (
          <Chip tone="look">Not in Salesforce yet</Chip>
        ) : one.trouble ? (
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
  const choose = (name: string | null) => {
    setSegment(name);
    setTyped(all.proposed.find(([one]) => one === name)?.[1] ?? '');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!segment) return;
    activate.mutate(
      { name: replication.name, segment, mapping_id: typed.trim() },
      { onSuccess: () => choose(null) },
    );
  };
  return (
    <form onSubmit={submit} className={classes.activate}>
      <Select
        label="Segment"
        placeholder="Choose a segment"
        searchable
        data={all.proposed.map(([name]) => name)}
        value={segment}
        onChange={choose}
      />
      <Autocomplete
        label="Field in Salesforce"
        placeholder="For example, Hot_leads__c"
        data={[...all.fields]}
        value={typed}
        onChange={setTyped}
      />
      <Button
        type="submit"
        {...disabledFor(
          (!segment && 'Choose a segment') || (!typed.trim() && 'Enter the field in Salesforce'),
        )}
        loading={activate.isPending}
      >
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
  const isChanged =
    Number(most) !== settings.most_segments ||
    prefix !== settings.mapping_id_prefix ||
    suffix !== settings.mapping_id_suffix;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({
      name,
      settings: { most_segments: Number(most), mapping_id_prefix: prefix, mapping_id_suffix: suffix },
    });
  };
  return (
    <Card
      title="Field names and limit"
      about="Suggested fields are named after their segment. Salesforce allows 25 External ID fields for each object. Segment fields don’t count, so you can raise the limit."
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
        <Button type="submit" variant="default" disabled={!isChanged} loading={set.isPending}>
          Save
        </Button>
        {set.error && <Trouble error={set.error} />}
      </form>
    </Card>
  );
}
