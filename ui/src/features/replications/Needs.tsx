/** What is left to do before a replication can run, each with the button that does it. */
import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Card } from '../../components/Card';
import { sentence, Trouble } from '../../components/Trouble';
import type { Need, ReplicationInfo } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Replications.module.css';

export function Needs({
  replication: { name, connection, standing, settings },
}: {
  replication: ReplicationInfo;
}) {
  const navigate = useNavigate();
  const prepare = useDo('replications.prepare_org');
  // What a consent sync sends, and how, is chosen on the Consent screen.
  const open = (tab: string) =>
    settings.consent_sync
      ? void navigate({ to: '/consents' })
      : void navigate({ to: '/replications/$name/$tab', params: { name, tab } });
  const cures: Record<Need, { label: string; act: () => void; busy?: boolean }> = {
    connection: connection
      ? { label: 'Sign in', act: () => void navigate({ to: '/connections' }) }
      : { label: 'Choose a connection', act: () => open('settings') },
    identifier: {
      label: 'Create field in Salesforce',
      act: () => prepare.mutate({ name, check_only: false }),
      busy: prepare.isPending,
    },
    mapping: {
      label: settings.consent_sync ? 'Open consent syncs' : 'Open mapping',
      act: () => open('mapping'),
    },
    settings: { label: 'Open settings', act: () => open('settings') },
    company: { label: 'Set company', act: () => open('settings') },
    contacts: { label: 'Import contacts', act: () => void navigate({ to: '/contacts/import' }) },
  };
  return (
    <Card title="Before the next run">
      <ul className={classes.needs}>
        {standing.needs.map(({ need, done, text }) => (
          <li key={need}>
            {done ? (
              <IconCircleCheck size={16} stroke={1.75} className={classes.done} aria-label="Done" />
            ) : (
              <IconCircleDashed size={16} stroke={1.75} className={classes.todo} aria-label="To do" />
            )}
            <span>{sentence(text)}</span>
            {!done && (
              <Button size="xs" variant="default" onClick={cures[need].act} loading={cures[need].busy}>
                {cures[need].label}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {prepare.error && <Trouble error={prepare.error} />}
    </Card>
  );
}
