/** A bar above every screen: what keeps the open workspace from its full use, and the button that ends it. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './WorkspaceBar.module.css';

export function WorkspaceBar(props: {
  icon: ReactNode;
  children: ReactNode;
  /** None where nothing can be done from here. */
  button?: string;
  onClick?: () => void;
}) {
  return (
    <div className={classes.bar} role="status">
      {props.icon}
      <span>{props.children}</span>
      {props.button && (
        <Button size="compact-xs" variant="default" onClick={props.onClick}>
          {props.button}
        </Button>
      )}
    </div>
  );
}
