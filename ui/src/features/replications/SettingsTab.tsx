/** How a replication finds, creates, updates and leaves alone. */
import { Button, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Card } from '../../components/Card';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { AlertKind, ReplicationChange, ReplicationInfo } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Replications.module.css';
import { orgWords } from './words';

type Kept = Required<
  Omit<ReplicationChange, 'score' | 'enabled' | 'minimum' | 'segments_any' | 'segments_all' | 'segments_none'>
>;

export function SettingsTab({ replication }: { replication: ReplicationInfo }) {
  const { name, settings_version } = replication;
  return <Form key={`${name} ${settings_version}`} replication={replication} />;
}

function Form({ replication }: { replication: ReplicationInfo }) {
  const navigate = useNavigate();
  const connections = useAsk('connections.list', {}).data ?? [];
  const set = useDo('replications.set');
  const was = keptOf(replication);
  const [now, setNow] = useState(was);
  const put = (part: Partial<Kept>) => setNow({ ...now, ...part });
  // As text, so that lists count by what they hold.
  const changes = Object.fromEntries(
    Object.entries(now).filter(([key, value]) => String(value) !== String(was[key as keyof Kept])),
  ) as ReplicationChange;
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { name: replication.name, settings: changes },
      {
        onSuccess: (saved) => {
          say('Saved.');
          if (saved.name !== replication.name) {
            void navigate({
              to: '/replications/$name/$tab',
              params: { name: saved.name, tab: 'settings' },
              replace: true,
            });
          }
        },
      },
    );
  };
  const onOff = (
    key:
      | 'match_email'
      | 'create_missing'
      | 'keep_updated'
      | 'assignment_rules'
      | 'allow_duplicates'
      | 'old_values',
  ) => ({
    checked: now[key],
    onChange: (event: { currentTarget: { checked: boolean } }) => put({ [key]: event.currentTarget.checked }),
  });
  return (
    <form onSubmit={save}>
      <Card title="Where to">
        <Lines>
          <Line label="Name">
            <TextInput
              aria-label="Name"
              value={now.name}
              onChange={(event) => put({ name: event.currentTarget.value })}
            />
          </Line>
          <Line
            label="Connection"
            help={
              replication.standing.org_kind
                ? `This is a ${orgWords[replication.standing.org_kind]} org.`
                : undefined
            }
          >
            <Select
              aria-label="Connection"
              placeholder="No connection yet"
              data={connections.map((one) => one.name)}
              value={now.connection || null}
              onChange={(value) => put({ connection: value ?? '' })}
            />
          </Line>
          <Line label="Description">
            <Textarea
              aria-label="Description"
              autosize
              value={now.description}
              onChange={(event) => put({ description: event.currentTarget.value })}
            />
          </Line>
        </Lines>
      </Card>
      <Card title="Finding people in the org">
        <Lines>
          <Line
            label="Identifier"
            help="The External ID field that holds our lasting id: what makes a second record impossible."
          >
            <TextInput
              aria-label="Identifier"
              classNames={{ input: 'mono' }}
              value={now.identifier}
              onChange={(event) => put({ identifier: event.currentTarget.value })}
            />
          </Line>
          <Line label="By e-mail" help="People who are in the org already are found by their e-mail, once.">
            <Switch aria-label="Find people by e-mail" {...onOff('match_email')} />
          </Line>
          <Line label="Create who is missing">
            <Switch aria-label="Create who is missing" {...onOff('create_missing')} />
          </Line>
          <Line label="Keep updated" help="Off: each contact goes once and is left alone afterwards.">
            <Switch aria-label="Keep updated" {...onOff('keep_updated')} />
          </Line>
          <Line label="Company where there is none" help="Leads need a company.">
            <TextInput
              aria-label="Company where there is none"
              value={now.default_company}
              onChange={(event) => put({ default_company: event.currentTarget.value })}
            />
          </Line>
        </Lines>
      </Card>
      <Card title="What happens when">
        <Lines>
          <Line label="A record was deleted in Salesforce">
            <Select
              aria-label="A record was deleted in Salesforce"
              data={[
                { value: 'block', label: 'Block the contact' },
                { value: 'recreate', label: 'Create it again' },
              ]}
              value={now.deleted}
              onChange={(value) => value && put({ deleted: value as Kept['deleted'] })}
            />
          </Line>
          <Line label="A lead was converted">
            <Select
              aria-label="A lead was converted"
              data={[
                { value: 'follow', label: 'Follow it to the contact' },
                { value: 'block', label: 'Block the contact' },
              ]}
              value={now.converted}
              onChange={(value) => value && put({ converted: value as Kept['converted'] })}
            />
          </Line>
          <Line label="A value was emptied here">
            <Select
              aria-label="A value was emptied here"
              data={[
                { value: 'leave_alone', label: 'Leave it in Salesforce' },
                { value: 'clear', label: 'Empty it in Salesforce, too' },
              ]}
              value={now.empty_values}
              onChange={(value) => value && put({ empty_values: value as Kept['empty_values'] })}
            />
          </Line>
          <Line
            label="A contact is deleted here"
            help="A row such as: constant:Unqualified = Status. Empty: the record is left alone."
          >
            <TextInput
              aria-label="A contact is deleted here"
              classNames={{ input: 'mono' }}
              value={now.deleted_here}
              onChange={(event) => put({ deleted_here: event.currentTarget.value })}
            />
          </Line>
          <Line label="Assignment rules" help="The org’s own rules give new leads an owner.">
            <Switch aria-label="Use assignment rules" {...onOff('assignment_rules')} />
          </Line>
          <Line label="Allow duplicates" help="Saves although a duplicate rule of the org warns.">
            <Switch aria-label="Allow duplicates" {...onOff('allow_duplicates')} />
          </Line>
          <Line
            label="Keep old values"
            help="Reads what a record held before it is updated, so that an update can be looked up."
          >
            <Switch aria-label="Keep old values" {...onOff('old_values')} />
          </Line>
        </Lines>
      </Card>
      <Card
        title="Schedule"
        about="It runs by itself while Leadferry is open; what was missed is caught up once."
      >
        <Lines>
          <Line label="Runs">
            <Select
              aria-label="Runs"
              allowDeselect={false}
              data={[
                { value: 'manual', label: 'When I say so' },
                { value: 'on change', label: 'When something has changed' },
                { value: 'every', label: 'Every so many minutes' },
                { value: 'at', label: 'At times of the day' },
              ]}
              value={wayOf(now.schedule)}
              onChange={(way) => way && put({ schedule: firstOf[way] ?? way })}
            />
          </Line>
          {wayOf(now.schedule) === 'every' && (
            <Line label="Minutes">
              <NumberInput
                aria-label="Minutes between runs"
                min={1}
                max={10_080}
                allowDecimal={false}
                value={Number(/\d+/.exec(now.schedule)?.[0] ?? 15)}
                onChange={(minutes) => put({ schedule: `every ${Number(minutes) || 1} minutes` })}
              />
            </Line>
          )}
          {wayOf(now.schedule) === 'at' && (
            <Line label="Times" help="In the workspace’s time zone, such as 08:00, 13:30.">
              <TextInput
                aria-label="Times of the day"
                value={now.schedule.replace(/^at /, '')}
                onChange={(event) => put({ schedule: `at ${event.currentTarget.value}` })}
              />
            </Line>
          )}
        </Lines>
      </Card>
      <Card title="Alerts" about="On the desktop, and in the list behind the bell.">
        <Lines>
          {alertWords.map(([kind, label]) => (
            <Line key={kind} label={label}>
              <Switch
                aria-label={`Alert: ${label}`}
                checked={now.alerts.includes(kind)}
                onChange={(event) => put({ alerts: switched(now.alerts, kind, event.currentTarget.checked) })}
              />
            </Line>
          ))}
          {now.alerts.includes('late') && (
            <Line label="Late after" help="Minutes.">
              <NumberInput
                aria-label="Late after so many minutes"
                min={1}
                max={10_080}
                allowDecimal={false}
                value={now.late_after}
                onChange={(minutes) => put({ late_after: Number(minutes) })}
              />
            </Line>
          )}
          {now.alerts.includes('api_low') && (
            <Line label="Few API calls" help="Percent of the calls of 24 hours that are left.">
              <NumberInput
                aria-label="Percent of API calls that are few"
                min={1}
                max={99}
                allowDecimal={false}
                value={now.api_low_at}
                onChange={(percent) => put({ api_low_at: Number(percent) })}
              />
            </Line>
          )}
        </Lines>
      </Card>
      <Card title="Sending">
        <Lines>
          <Line label="Contacts in a batch" help="1 to 200.">
            <NumberInput
              aria-label="Contacts in a batch"
              min={1}
              max={200}
              allowDecimal={false}
              value={now.batch_size}
              onChange={(value) => put({ batch_size: Number(value) })}
            />
          </Line>
          <Line label="Batches at a time">
            <NumberInput
              aria-label="Batches at a time"
              min={1}
              max={10}
              allowDecimal={false}
              value={now.in_flight}
              onChange={(value) => put({ in_flight: Number(value) })}
            />
          </Line>
          <Line label="API calls kept for other tools" help="A run stops before it uses these.">
            <NumberInput
              aria-label="API calls kept for other tools"
              min={0}
              thousandSeparator=","
              allowDecimal={false}
              value={now.api_reserve}
              onChange={(value) => put({ api_reserve: Number(value) })}
            />
          </Line>
        </Lines>
      </Card>
      {set.error && <Trouble error={set.error} focus />}
      <div className={classes.buttons}>
        <Button variant="default" disabled={Object.keys(changes).length === 0} onClick={() => setNow(was)}>
          Take back
        </Button>
        <Button type="submit" disabled={Object.keys(changes).length === 0} loading={set.isPending}>
          Save the settings
        </Button>
      </div>
    </form>
  );
}

const alertWords: readonly (readonly [AlertKind, string])[] = [
  ['finished', 'A run has sent something'],
  ['partly_failed', 'Some contacts did not get through'],
  ['failed', 'A run failed or was stopped'],
  ['late', 'A run is late'],
  ['sign_in_lost', 'Someone has to sign in'],
  ['api_low', 'Few API calls are left'],
];

/** Returns the kinds in their order with one switched; the same list as before where nothing changes. */
function switched(all: AlertKind[], kind: AlertKind, on: boolean): AlertKind[] {
  return alertWords.map(([one]) => one).filter((one) => (one === kind ? on : all.includes(one)));
}

function keptOf({ name, connection, settings }: ReplicationInfo): Kept {
  const { segments: _, ...others } = settings;
  return {
    ...others,
    name,
    connection: connection ?? '',
    deleted_here: settings.deleted_here ?? '',
    default_company: settings.default_company ?? '',
  };
}

const firstOf: Record<string, string> = { every: 'every 15 minutes', at: 'at 08:00' };

/** Returns the kind of a schedule. */
function wayOf(schedule: string): string {
  return /^(every|at)\b/.exec(schedule)?.[0] ?? schedule;
}

function Lines({ children }: { children: ReactNode }) {
  return <div className={classes.form}>{children}</div>;
}

function Line({ label, help, children }: { label: string; help?: string | undefined; children: ReactNode }) {
  return (
    <>
      <div>
        <span className={classes.label}>{label}</span>
        {help && <p className={classes.help}>{help}</p>}
      </div>
      <div>{children}</div>
    </>
  );
}
