/** Details at the right of a list: nothing is blocked, the list stays where it was. Escape closes. */
import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import classes from './Panel.module.css';

type Props = {
  label: string;
  /** Its place in the list, and buttons. */
  head?: ReactNode;
  onClose: () => void;
  children: ReactNode;
};

export function Panel({ label, head, onClose, children }: Props) {
  const panel = useFocusBack();
  return (
    <aside
      ref={panel}
      className={classes.panel}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <div className={classes.head}>
        <div className={classes.own}>{head}</div>
        <ActionIcon aria-label="Close the panel" onClick={onClose}>
          <IconX size={16} stroke={1.75} />
        </ActionIcon>
      </div>
      <div className={classes.body}>{children}</div>
    </aside>
  );
}

/** Gives the focus back to where it was when the panel opened, if it is in the panel as that closes. */
function useFocusBack() {
  const panel = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { current } = panel;
    const before = document.activeElement;
    return () => {
      if (!current?.contains(document.activeElement)) return;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return panel;
}

/** A part of a panel; sunken means theirs, not ours. */
export function PanelPart({
  title,
  aside,
  sunken,
  children,
}: {
  title: string;
  aside?: ReactNode;
  sunken?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={sunken ? `${classes.part} ${classes.sunken}` : classes.part} aria-label={title}>
      <div className={classes.partHead}>
        <h2 className={classes.partTitle}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
