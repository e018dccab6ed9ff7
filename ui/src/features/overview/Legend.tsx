/** What the colors of a chart stand for. */
import classes from './OverviewScreen.module.css';

type Props = { parts: readonly { name: string; color: string | undefined }[] };

export function Legend({ parts }: Props) {
  return (
    <ul className={classes.legend} aria-hidden>
      {parts.map(({ name, color }) => (
        <li key={name}>
          <span className={`${classes.dot} ${color}`} />
          {name}
        </li>
      ))}
    </ul>
  );
}
