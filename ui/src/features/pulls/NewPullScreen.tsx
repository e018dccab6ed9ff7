/**
 * A new pull, step by step: connection, objects, a look at their records, a name, what comes into contacts, schedule, run. What is
 * entered stays until it is used, and the steps can be left and taken up again.
 */
import { Button, Checkbox, Select, Stepper, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { disabledFor } from '../../components/disabled';
import { Empty } from '../../components/Empty';
import { counted } from '../../components/numbers';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { WantedObject } from '../../ipc/bindings';
import { usePreference } from '../../ipc/preferences';
import { useAsk, useDo } from '../../ipc/queries';
import { InboundCard } from './InboundCard';
import { ObjectDialog } from './ObjectDialog';
import classes from './Pulls.module.css';
import { RecordTable } from './RecordTable';
import { ScheduleCard } from './ScheduleCard';
import { readWords } from './words';

type Draft = {
  step: number;
  connection: string;
  objects: string[];
  /** What is read of those that someone has looked into. */
  wanted?: { [object: string]: WantedObject };
  name: string;
  /** The pull, once it is there. */
  made?: string;
};

const nothing: Draft = { step: 0, connection: '', objects: [], name: '' };
/** The first step for which the pull has to be there. */
const MADE = 4;
const LAST = 6;
const parent = { title: 'Pulls', to: '/pulls' };

export function NewPullScreen() {
  const navigate = useNavigate();
  const connections = useAsk('connections.list', {});
  const [kept, keep] = usePreference<Draft>('pull draft', nothing);
  // What is kept comes back a moment later, and must not undo what was done meanwhile.
  const [own, setOwn] = useState<Draft | null>(null);
  const draft = own ?? kept;
  const setDraft = (next: Draft) => {
    setOwn(next);
    keep(next);
  };
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
      {
        name: draft.name,
        connection,
        objects: draft.objects.map((object) => draft.wanted?.[object] ?? { object }),
      },
      {
        onSuccess: ({ name }) => change({ made: name, name, step: MADE }),
      },
    );
  const leave = (to: string) => {
    setDraft(nothing);
    void navigate({ to: '/pulls/$name', params: { name: to } });
  };
  const { made } = draft;
  const step = made
    ? Math.max(draft.step, MADE)
    : Math.min(draft.step, draft.objects.length === 0 ? 1 : MADE - 1);
  return (
    <Page title="New pull" parent={parent} about={connection}>
      <div className={classes.stack}>
        <Stepper
          active={step}
          onStepClick={(to) => (made ? to >= MADE : true) && change({ step: to })}
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
                onChange={(value) => change({ connection: value ?? '', objects: [], wanted: {} })}
              />
            </div>
          </Stepper.Step>
          <Stepper.Step label="Objects">
            <Objects
              connection={connection}
              chosen={draft.objects}
              onChange={(objects) => change({ objects })}
            />
            <Wanted
              connection={connection}
              objects={draft.objects.map((object) => draft.wanted?.[object] ?? { object })}
              onChange={(object) => change({ wanted: { ...draft.wanted, [object.object]: object } })}
            />
          </Stepper.Step>
          <Stepper.Step label="Preview">
            <Preview connection={connection} objects={draft.objects} />
          </Stepper.Step>
          <Stepper.Step label="Name">
            <NameField name={draft.name} onChange={(name) => change({ name })} onEnter={create} />
          </Stepper.Step>
          <Stepper.Step label="Contacts">{made && <Mapping pull={made} />}</Stepper.Step>
          <Stepper.Step label="Schedule">{made && <Scheduling pull={made} />}</Stepper.Step>
          <Stepper.Step label="Run">
            {made && <FirstRun pull={made} onDone={() => leave(made)} />}
          </Stepper.Step>
        </Stepper>
        {add.error && <Trouble error={add.error} focus />}
        <div className={classes.line}>
          {step > 0 && step !== MADE && (
            <Button variant="default" onClick={() => change({ step: step - 1 })}>
              Back
            </Button>
          )}
          {step === MADE - 1 && (
            <Button
              {...disabledFor(!draft.name.trim() && 'Enter a name')}
              loading={add.isPending}
              onClick={create}
            >
              Create pull
            </Button>
          )}
          {step !== MADE - 1 && step < LAST && (
            <Button
              {...disabledFor(step === 1 && draft.objects.length === 0 && 'Select at least one object')}
              onClick={() => change({ step: step + 1, connection })}
            >
              Continue
            </Button>
          )}
          {made && (
            <Button variant="default" onClick={() => leave(made)}>
              Open pull
            </Button>
          )}
        </div>
      </div>
    </Page>
  );
}

function Mapping({ pull }: { pull: string }) {
  const mapping = useAsk('inbound.show', { name: pull });
  if (mapping.data?.objects.length === 0) {
    return <p className={classes.quiet}>Only leads and contacts come into contacts. Nothing to map here.</p>;
  }
  return <InboundCard pull={pull} />;
}

function Scheduling({ pull }: { pull: string }) {
  const details = useAsk('pulls.show', { name: pull });
  if (details.isError) return <Trouble error={details.error} retry={() => void details.refetch()} />;
  return details.data ? <ScheduleCard pull={details.data} /> : <Rows />;
}

function FirstRun({ pull, onDone }: { pull: string; onDone: () => void }) {
  const run = useDo('pulls.run');
  return (
    <div className={classes.stack}>
      <p>The first run reads every record. You can start it now or later from the pull’s screen.</p>
      {run.error && <Trouble error={run.error} focus />}
      <div className={classes.line}>
        <Button loading={run.isPending} onClick={() => run.mutate({ name: pull }, { onSuccess: onDone })}>
          Run now
        </Button>
      </div>
    </div>
  );
}

type NameProps = { name: string; onChange: (name: string) => void; onEnter: () => void };

/** What is kept comes back a moment later: the field holds what is typed meanwhile. */
function NameField({ name, onChange, onEnter }: NameProps) {
  const [text, setText] = useState(name);
  return (
    <TextInput
      label="Name of the pull"
      className={classes.words}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && text.trim()) onEnter();
      }}
    />
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
      <div className={classes.objects} data-listed>
        {shown.map(({ object, label, records, pull }) => (
          <Checkbox
            key={object}
            label={label}
            description={
              pull
                ? `${object}, read by ${pull}`
                : `${object}${records === null ? '' : `, about ${counted(records, 'record')}`}`
            }
            disabled={pull !== null}
            checked={chosen.includes(object)}
            onChange={(event) => toggle(object, event.currentTarget.checked)}
          />
        ))}
        {shown.length === 0 && <p className={classes.quiet}>No results.</p>}
      </div>
      <p className={classes.quiet}>Listing the objects used {counted(objects.data.calls, 'API call')}.</p>
    </div>
  );
}

type WantedProps = {
  connection: string;
  objects: readonly WantedObject[];
  onChange: (object: WantedObject) => void;
};

/** The chosen objects, and what is read of each. */
function Wanted({ connection, objects, onChange }: WantedProps) {
  const [open, setOpen] = useState<WantedObject | null>(null);
  return (
    <>
      {objects.map((object) => (
        <div key={object.object} className={classes.line}>
          <strong>{object.object}</strong>
          <span className={classes.quiet}>{readWords(object)}</span>
          <Button
            size="xs"
            variant="default"
            aria-label={`Change fields and records of ${object.object}`}
            onClick={() => setOpen(object)}
          >
            Change
          </Button>
        </div>
      ))}
      {open && (
        <ObjectDialog
          connection={connection}
          object={open}
          onSave={(object) => {
            onChange(object);
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </>
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
              : `A sample from Salesforce, which used ${counted(records.data.calls, 'API call')}.`}
          </p>
        </>
      )}
    </div>
  );
}
