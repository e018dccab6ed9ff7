/** The head of the navigation: which workspace is open, and how to open another. */
import { Menu, UnstyledButton } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { say } from '../components/undo';
import { useAsk, useDo } from '../ipc/queries';
import { Mark } from './Mark';
import classes from './WorkspaceSwitcher.module.css';

export function WorkspaceSwitcher() {
  const { data: workspace } = useAsk('workspaces.current', {});
  const recent = useAsk('workspaces.recent', {}).data ?? [];
  const open = useDo('workspaces.open');
  const close = useDo('workspaces.close');
  const backup = useDo('workspaces.backup');
  const switchTo = (where: { path?: string }) =>
    open.mutate(where, { onError: (error) => say(error.message) });
  const name = workspace ? nameOf(workspace) : 'No workspace';
  return (
    <Menu position="bottom-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={`Workspace: ${name}`}>
          <Mark />
          <span className={classes.name}>{name}</span>
          <IconSelector size={14} stroke={1.75} aria-hidden className={classes.chevron} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {recent.length > 0 && <Menu.Label>Opened lately</Menu.Label>}
        {recent.map(({ path, name, folder }) => (
          <Menu.Item key={path} title={path} onClick={() => switchTo({ path })}>
            <span className={classes.recent}>{name}</span>
            <span className={classes.folder}>{folder}</span>
          </Menu.Item>
        ))}
        {recent.length > 0 && <Menu.Divider />}
        <Menu.Item onClick={() => switchTo({})}>Open another workspace…</Menu.Item>
        {workspace && (
          <>
            <Menu.Item
              onClick={() =>
                backup.mutate(
                  {},
                  {
                    onSuccess: (made) => made && say(`Copied to ${made.path}`),
                    onError: (error) => say(error.message),
                  },
                )
              }
            >
              Back up to a file…
            </Menu.Item>
            <Menu.Item onClick={() => close.mutate({})}>Close this workspace</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function nameOf(workspace: { name: string; path: string }): string {
  const file = workspace.path.split(/[\\/]/).pop() ?? '';
  return workspace.name || file.replace(/\.leadferry$/, '');
}
