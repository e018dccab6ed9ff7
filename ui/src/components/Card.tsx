/** A bordered part of a screen with a head. */
import type { ReactNode } from 'react';
import classes from './Card.module.css';

type Props = { title: string; aside?: ReactNode; about?: ReactNode; children: ReactNode };

export function Card({ title, aside, about, children }: Props) {
  return (
    <section className={classes.card} aria-label={title}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{title}</h2>
          {about && <p className={classes.about}>{about}</p>}
        </div>
        {aside}
      </div>
      <div className={classes.body}>{children}</div>
    </section>
  );
}
