/** A new pull, step by step: connection, objects, a look at their records, a name. What is entered stays until it is used. */
import { Button, Checkbox, Select, Stepper, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Empty } from '../../components/Empty';
import { count } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { usePreference } from '../../ipc/preferences';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Pulls.module.css';
import { RecordTable } from './RecordTable';

type Draft = { step: number; connection: string; objects: string[]; name: string };

const nothing: Draft = { step: 0, connection: '', objects: [], name: '' };
const parent = { title: 'Pulls', to: '/pulls' };

export function NewPullScreen() {
  const navigate = useNavigate();
  const connections = useAsk('connections.list', {});
  const [draft, setDraft] = usePreference<Draft>('pull draft', nothing);
  const add = useDo('pulls.add');
  const usable = (connections.data ?? []).filter((one) => one.org_id !== null).map((one) => one.name);
  const connection = usable.includes(draft.connection) ? draft.connection : (usable[0] ?? '');
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  if (!connection) {
    return (
      <Page title="New pull" parent={parent}>
        {connections.isPending && <Rows />}
        {connections.isError && (
          <Trouble error={connections.error} retry={() => void connections.refetch()} />
        )}
        {connections.data && (
          <Empty
            title="No Salesforce connected"
            action={<Button onClick={() => void navigate({ to: '/connections' })}>Open Connections</Button>}
          >
            A pull reads from Salesforce. Connect an org and sign in first.
          </Empty>
        )}
      </Page>
    );
  }
  const create = () =>
    add.mutate(
      { name: draft.name, connection, objects: draft.objects.map((object) => ({ object })) },
      {
        onSuccess: ({ name }) => {
          setDraft(nothing);
          void navigate({ to: '/pulls/$name', params: { name } });
        },
      },
    );
  const step = draft.objects.length === 0 ? Math.min(draft.step, 1) : draft.step;
  return (
    <Page title="New pull" parent={parent} about={connection}>
      <div className={classes.stack}>
        <Stepper
          active={step}
          onStepClick={(to) => change({ step: to })}
          size="xs"
          allowNextStepsSelect={false}
        >
          <Stepper.Step label="Connection">
            <div className={classes.stack}>
              <Select
                label="Read from"
                allowDeselect={false}
                data={usable}
                value={connection}
                onChange={(value) => change({ connection: value ?? '', objects: [] })}
              />
            </div>
          </Stepper.Step>
          <Stepper.Step label="Objects">
            <Objects
              connection={connection}
              chosen={draft.objects}
              onChange={(objects) => change({ objects })}
            />
          </Stepper.Step>
          <Stepper.Step label="Preview">
            <Preview connection={connection} objects={draft.objects} />
          </Stepper.Step>
          <Stepper.Step label="Name">
            <TextInput
              label="Name of the pull"
              className={classes.words}
              value={draft.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && draft.name.trim()) create();
              }}
            />
          </Stepper.Step>
        </Stepper>
        {add.error && <Trouble error={add.error} focus />}
        <div className={classes.line}>
          {step > 0 && (
            <Button variant="default" onClick={() => change({ step: step - 1 })}>
              Back
            </Button>
          )}
          {step < 3 ? (
            <Button
              disabled={step === 1 && draft.objects.length === 0}
              onClick={() => change({ step: step + 1, connection })}
            >
              Continue
            </Button>
          ) : (
            <Button disabled={!draft.name.trim()} loading={add.isPending} onClick={create}>
              Create pull
            </Button>
          )}
        </div>
      </div>
    </Page>
  );
}

type ObjectsProps = { connection: string; chosen: string[]; onChange: (objects: string[]) => void };

function Objects({ connection, chosen, onChange }: ObjectsProps) {
  const objects = useAsk('mirror.org_objects', { connection });
  const [text, setText] = useState('');
  if (objects.isError) return <Trouble error={objects.error} retry={() => void objects.refetch()} />;
  if (!objects.data) return <Rows count={4} />;
  const typed = text.trim().toLowerCase();
  const shown = objects.data.objects.filter(({ object, label, usual }) =>
    typed ? `${object} ${label}`.toLowerCase().includes(typed) : usual || chosen.includes(object),
  );
  const toggle = (object: string, on: boolean) =>
    onChange(on ? [...chosen, object] : chosen.filter((one) => one !== object));
  return (
    <div className={classes.stack}>
      <TextInput
        label="Find an object"
        placeholder="Search names and labels"
        type="search"
        className={classes.words}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.objects}>
        {shown.map(({ object, label, records, pull }) => (
          <Checkbox
            key={object}
            label={label}
            description={
              pull
                ? `${object}, read by ${pull}`
                : `${object}${records === null ? '' : `, about ${count(records)} records`}`
            }
            disabled={pull !== null}
            checked={chosen.includes(object)}
            onChange={(event) => toggle(object, event.currentTarget.checked)}
          />
        ))}
        {shown.length === 0 && <p className={classes.quiet}>No results.</p>}
      </div>
      <p className={classes.quiet}>Listing the objects used {count(objects.data.calls)} API calls.</p>
    </div>
  );
}

function Preview({ connection, objects }: { connection: string; objects: readonly string[] }) {
  const [chosen, setChosen] = useState(objects[0] ?? '');
  const object = objects.includes(chosen) ? chosen : (objects[0] ?? '');
  const records = useAsk('mirror.list', { connection, object }, { enabled: object !== '' });
  return (
    <div className={classes.stack}>
      <Select
        label="Object"
        allowDeselect={false}
        data={[...objects]}
        value={object}
        onChange={(value) => setChosen(value ?? '')}
      />
      {records.isError && <Trouble error={records.error} retry={() => void records.refetch()} />}
      {records.isPending && <Rows count={4} />}
      {records.data && (
        <>
          <RecordTable listed={records.data} />
          <p className={classes.quiet}>
            {records.data.mirrored
              ? 'From the mirror.'
              : `A sample from Salesforce, which used ${count(records.data.calls)} API calls.`}
          </p>
        </>
      )}
    </div>
  );
}
