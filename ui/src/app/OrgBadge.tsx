/** The org at the left of the status bar; it opens who is connected to which org. */
import { Button, Popover, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff, IconFlask, IconSchool, type IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { visible } from '../components/visible';
import { Facts } from '../features/connections/Facts';
import type { ConnectionInfo } from '../ipc/bindings';
import classes from './StatusBar.module.css';

type Kind = 'production' | 'sandbox' | 'practice' | 'offline';
type Look = { kind: Kind; icon: typeof IconX; state: string };

export function OrgBadge({
  connection,
  online,
}: {
  connection: ConnectionInfo | undefined;
  online: boolean;
}) {
  const navigate = useNavigate();
  const [shown, setShown] = useState(false);
  if (!connection) {
    return (
      <div className={`${classes.org} ${classes.offline}`}>
        <IconCloudOff size={14} stroke={2} aria-hidden />
        <span>No Salesforce connected</span>
      </div>
    );
  }
  const { kind, icon: Icon, state } = lookOf(connection, online);
  const text = nameOf(connection, state);
  const open = () => {
    setShown(false);
    void navigate({ to: '/connections/$name/details', params: { name: connection.name } });
  };
  return (
    <Popover opened={shown} onChange={setShown} position="top-start" width={440} trapFocus>
      <Popover.Target>
        <UnstyledButton
          className={`${classes.org} ${classes[kind]}`}
          title={text}
          aria-label={`Org: ${text}`}
          onClick={() => setShown(!shown)}
        >
          <Icon size={14} stroke={2} aria-hidden />
          <span>{text}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={`Connection ${visible(connection.name)}`}>
        <Facts connection={connection} />
        <Button size="xs" variant="default" mt="sm" onClick={open}>
          Open connection
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}

function lookOf(connection: ConnectionInfo, online: boolean): Look {
  if (connection.flow === 'practice') return { kind: 'practice', icon: IconSchool, state: 'Practice' };
  if (!connection.org_id) return { kind: 'offline', icon: IconCloudOff, state: 'Not signed in' };
  if (!online) return { kind: 'offline', icon: IconCloudOff, state: 'Offline' };
  if (connection.sandbox) return { kind: 'sandbox', icon: IconFlask, state: 'Sandbox' };
  return { kind: 'production', icon: IconAlertTriangle, state: 'Production' };
}

/** The practice org that every workspace can have is called so; of others, their name there or, before that is known, here. */
function nameOf({ flow, name, org_name }: ConnectionInfo, state: string): string {
  if (flow !== 'practice') return `${visible(org_name ?? name)} · ${state}`;
  return name === 'Practice' ? 'Practice org' : `${visible(name)} · ${state}`;
}
