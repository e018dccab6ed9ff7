/** The contact's place in the list, and the way to its neighbours. */
import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { count } from '../../../components/numbers';
import { call } from '../../../ipc/call';
import { useAsk } from '../../../ipc/queries';
import type { ListQuery } from '../useRows';
import classes from './Panel.module.css';

type Props = {
  guid: string;
  query: ListQuery;
  total: number;
  onOpen: (guid: string) => void;
  /** Beside the ways to the neighbors. */
  children: ReactNode;
};

export function Steps({ guid, query: { filter, sort }, total, onOpen, children }: Props) {
  const list = { filter, sort, columns: [] };
  const place = useAsk('contacts.page', { ...list, from: 0, limit: 0, find: guid }, { keep: true }).data
    ?.place;
  const go = async (to: number) => {
    const page = await call('contacts.page', { ...list, from: to, limit: 1 });
    const next = page.rows[0];
    if (next) onOpen(next.guid);
  };
  if (place === undefined || place === null) {
    return (
      <>
        <span>Not in this list</span>
        {children}
      </>
    );
  }
  return (
    <>
      <span className="num">
        {count(place + 1)} of {count(total)}
      </span>
      <span className={classes.steps}>
        <ActionIcon aria-label="Previous contact" disabled={place === 0} onClick={() => void go(place - 1)}>
          <IconChevronUp size={16} stroke={1.75} />
        </ActionIcon>
        <ActionIcon
          aria-label="Next contact"
          disabled={place + 1 >= total}
          onClick={() => void go(place + 1)}
        >
          <IconChevronDown size={16} stroke={1.75} />
        </ActionIcon>
        {children}
      </span>
    </>
  );
}
