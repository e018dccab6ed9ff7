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
  /** Another way out. */
  second?: { button: string; onClick: () => void };
}) {
  return (
    <div className={classes.bar} role="status">
      {props.icon}
      <span>{props.children}</span>
      {props.second && (
        <Button size="compact-xs" variant="subtle" onClick={props.second.onClick}>
          {props.second.button}
        </Button>
      )}
      {props.button && (
        <Button size="compact-xs" variant="default" onClick={props.onClick}>
          {props.button}
        </Button>
      )}
    </div>
  );
}
