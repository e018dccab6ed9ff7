/** The head of the navigation: which workspace is open, and how to open another. */
import { Menu, UnstyledButton } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { inWords } from '../components/Trouble';
import { say } from '../components/undo';
import { visible } from '../components/visible';
import { useAsk, useDo } from '../ipc/queries';
import { Mark } from './Mark';
import { summon } from './summons';
import classes from './WorkspaceSwitcher.module.css';
import { nameOf } from './workspaceName';

export function WorkspaceSwitcher() {
  const { data: workspace } = useAsk('workspaces.current', {});
  const recent = useAsk('workspaces.recent', {}).data ?? [];
  const open = useDo('workspaces.open');
  const close = useDo('workspaces.close');
  const backup = useDo('workspaces.backup');
  const switchTo = (where: { path?: string }) =>
    open.mutate(where, { onError: (error) => say(inWords(error)) });
  const name = workspace ? visible(nameOf(workspace)) : 'No workspace';
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
        {recent.length > 0 && <Menu.Label>Recent</Menu.Label>}
        {recent.map(({ path, name, folder }) => (
          <Menu.Item key={path} title={visible(path)} onClick={() => switchTo({ path })}>
            <span className={classes.recent}>{visible(name)}</span>
            <span className={classes.folder}>
              <bdi>{visible(folder)}</bdi>
            </span>
          </Menu.Item>
        ))}
        {recent.length > 0 && <Menu.Divider />}
        <Menu.Item onClick={() => summon('new workspace')}>New workspace…</Menu.Item>
        <Menu.Item onClick={() => switchTo({})}>Open an existing workspace…</Menu.Item>
        <Menu.Item onClick={() => summon('salvage')}>Salvage a damaged workspace…</Menu.Item>
        {workspace && (
          <>
            <Menu.Item
              onClick={() =>
                backup.mutate(
                  {},
                  {
                    onSuccess: (made) => made && say(`Backup saved to ${made.path}.`),
                    onError: (error) => say(inWords(error)),
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
