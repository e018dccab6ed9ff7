/** Three ways to begin. The practice org is the quickest: one click to the first plan. */
import { Anchor, Button } from '@mantine/core';
import {
  IconArrowRight,
  IconCheck,
  IconCloudUp,
  IconFileImport,
  IconLock,
  IconSchool,
  type IconUsers,
} from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '../../components/Page';
import { Notice, Trouble } from '../../components/Trouble';
import { useTold } from '../../ipc/events';
import { useDo } from '../../ipc/queries';
import classes from './FirstRunScreen.module.css';

const steps = [
  ['Import', 'your contacts from a file'],
  ['Score', 'how engaged they are'],
  ['Map', 'fields to Salesforce'],
  ['Plan', 'preview every change'],
  ['Run', 'send what you approved'],
] as const;

export function FirstRunScreen() {
  const navigate = useNavigate();
  const practice = useDo('workspaces.try_practice');
  const create = useDo('workspaces.create');
  const open = useDo('workspaces.open');
  const [leaves, setLeaves] = useState(false);
  const told = useTold();
  const busy = practice.isPending || create.isPending || open.isPending;
  const error = practice.error ?? create.error ?? open.error;

  // The screen is gone as soon as the workspace is there; what follows must not rest on it.
  const tryIt = () =>
    practice
      .mutateAsync({})
      .then(({ replication: name }) =>
        navigate({ to: '/replications/$name/$tab', params: { name, tab: 'plan' } }),
      )
      .catch(() => {});
  const begin = (to: '/connections/new' | '/contacts/import') =>
    create
      .mutateAsync({ name: 'My contacts' })
      .then(() => navigate({ to }))
      .catch(() => {});

  return (
    <Page title="Overview">
      <div className={classes.middle}>
        <h2 className={classes.title}>Send the right contacts to Salesforce</h2>
        <p className={classes.about}>
          Your contacts stay in a file on this computer. You choose which ones to send and see every change
          before it happens.
        </p>
        {!error && told && <Notice text={told} />}
        {error && <Trouble error={error} focus />}
        <div className={classes.cards}>
          <Way
            icon={IconSchool}
            time="2 minutes"
            title="Try it with the practice org"
            text="A Salesforce-compatible org inside the app. Nothing leaves this computer, and you can’t break anything."
            points={[
              'Sample contacts, already scored',
              'A replication, already mapped',
              'Your first plan, ready to run',
            ]}
            first
          >
            <Button
              fullWidth
              autoFocus
              rightSection={<IconArrowRight size={16} stroke={1.75} />}
              loading={practice.isPending}
              disabled={busy}
              onClick={() => void tryIt()}
            >
              Open the practice org
            </Button>
          </Way>
          <Way
            icon={IconCloudUp}
            time="15 minutes"
            title="Connect my Salesforce"
            text="A guided setup with your Salesforce administrator, or on your own in a sandbox."
            points={[
              'Step-by-step instructions',
              'Stop at any step and come back',
              'Reads only, writes nothing yet',
            ]}
          >
            <Button
              fullWidth
              variant="default"
              disabled={busy}
              onClick={() => void begin('/connections/new')}
            >
              Start setup
            </Button>
          </Way>
          <Way
            icon={IconFileImport}
            time="5 minutes"
            title="Import my contacts"
            text="From CSV, Excel or vCard. Leadferry maps the columns, and you check them before importing."
            points={['Invalid rows are listed, never lost', 'Nothing is sent anywhere', 'Undo for 30 days']}
          >
            <Button
              fullWidth
              variant="default"
              disabled={busy}
              onClick={() => void begin('/contacts/import')}
            >
              Choose a file
            </Button>
          </Way>
        </div>
        <ol className={classes.steps}>
          {steps.map(([name, what], at) => (
            <li key={name}>
              <strong>
                <span className={classes.number}>{at + 1}</span> {name}
              </strong>
              <span>{what}</span>
            </li>
          ))}
        </ol>
        <p className={classes.foot}>
          <IconLock size={14} stroke={1.75} aria-hidden />
          Passwords and keys are never stored in that file.
          <Anchor component="button" type="button" aria-expanded={leaves} onClick={() => setLeaves(!leaves)}>
            What leaves this computer?
          </Anchor>
          <span className={classes.gap} />
          <Anchor component="button" type="button" disabled={busy} onClick={() => open.mutate({})}>
            Open an existing workspace
          </Anchor>
        </p>
        {leaves && (
          <p className={classes.answer}>
            Only what a run sends to your Salesforce: the fields you mapped, for the contacts you selected.
            Leadferry connects to no other server and collects no usage data.
          </p>
        )}
      </div>
    </Page>
  );
}

type WayProps = {
  icon: typeof IconUsers;
  time: string;
  title: string;
  text: string;
  points: readonly string[];
  first?: boolean;
  children: React.ReactNode;
};

function Way({ icon: Icon, time, title, text, points, first, children }: WayProps) {
  return (
    <section className={first ? `${classes.card} ${classes.first}` : classes.card} aria-label={title}>
      <div className={classes.top}>
        <span className={classes.icon}>
          <Icon size={18} stroke={1.75} aria-hidden />
        </span>
        <span className={classes.time}>{time}</span>
      </div>
      <h3 className={classes.cardTitle}>{title}</h3>
      <p className={classes.text}>{text}</p>
      <ul className={classes.points}>
        {points.map((point) => (
          <li key={point}>
            <IconCheck size={14} stroke={1.75} aria-hidden />
            {point}
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}
