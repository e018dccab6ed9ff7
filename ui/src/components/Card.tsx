/** A bordered part of a screen with a head. */
import type { ReactNode } from 'react';
import classes from './Card.module.css';
import { shown, visible } from './visible';

type Props = { title: string; aside?: ReactNode; about?: ReactNode; children: ReactNode };

export function Card({ title, aside, about, children }: Props) {
  return (
    <section className={classes.card} aria-label={title}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{visible(title)}</h2>
          {about && <p className={classes.about}>{shown(about)}</p>}
        </div>
        {aside && <div className={classes.aside}>{aside}</div>}
      </div>
      {children && <div className={classes.body}>{children}</div>}
    </section>
  );
}
