/** The grip of a rule or a group: drag it, press Alt and an arrow key, or choose from its menu. */
import { ActionIcon, Kbd, Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical } from '@tabler/icons-react';
import type { PointerEvent } from 'react';
import classes from './Rules.module.css';

type Props = {
  /** What it moves, such as `rule 2`. */
  place: string;
  onGrab: (event: PointerEvent<HTMLElement>) => void;
  up: (() => void) | undefined;
  down: (() => void) | undefined;
};

export function Grip({ place, onGrab, up, down }: Props) {
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <ActionIcon
          className={classes.grip}
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={`Move ${place}`}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
          title="Drag to move, or press Alt and an arrow key"
          onPointerDown={onGrab}
        >
          <IconGripVertical size={14} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={16} stroke={1.75} />}
          rightSection={<Kbd size="xs">Alt ↑</Kbd>}
          disabled={!up}
          onClick={up}
        >
          Move up
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={16} stroke={1.75} />}
          rightSection={<Kbd size="xs">Alt ↓</Kbd>}
          disabled={!down}
          onClick={down}
        >
          Move down
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
