/** The head of a screen: its name, one clause, its buttons; and the body below. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './Page.module.css';
import { shown, visible } from './visible';

type Props = {
  title: string;
  /** Stands before the title of a detail page. */
  parent?: { title: string; to: string };
  /** One clause. */
  about?: ReactNode;
  /** Up to two default buttons and one filled one, at the right. */
  actions?: ReactNode;
  /** Tabs and the like, below the head. */
  below?: ReactNode;
  children: ReactNode;
  /** Fills the screen without inset, as lists do. */
  full?: boolean;
};

export function Page({ title, parent, about, actions, below, children, full }: Props) {
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.words}>
          {parent && (
            <Link className={classes.parent} to={parent.to}>
              {visible(parent.title)} /
            </Link>
          )}
          <h1 className={classes.title}>{visible(title)}</h1>
          {about && <span className={classes.about}>{shown(about)}</span>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {below}
      <div className={full ? classes.full : classes.body}>{children}</div>
    </div>
  );
}
