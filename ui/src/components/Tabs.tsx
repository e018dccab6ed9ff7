/** The tabs of a detail page; each is an address of its own. Arrow keys move between them. */
import { Tabs as MantineTabs } from '@mantine/core';
import { count as grouped } from './numbers';
import classes from './Tabs.module.css';

export type Tab = { id: string; name: string; count?: number; stops?: boolean };

type Props = { label: string; tabs: readonly Tab[]; open: string; onOpen: (id: string) => void };

export function Tabs({ label, tabs, open, onOpen }: Props) {
  return (
    <MantineTabs
      value={open}
      onChange={(id) => id && onOpen(id)}
      activateTabWithKeyboard={false}
      className={classes.tabs}
    >
      <MantineTabs.List aria-label={label}>
        {tabs.map(({ id, name, count, stops }) => (
          <MantineTabs.Tab
            key={id}
            value={id}
            rightSection={
              count ? (
                <span className={`num ${classes.count} ${stops ? classes.stops : ''}`}>{grouped(count)}</span>
              ) : undefined
            }
          >
            {name}
          </MantineTabs.Tab>
        ))}
      </MantineTabs.List>
    </MantineTabs>
  );
}
