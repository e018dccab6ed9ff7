/** What would be sent, with what is cut off struck through. */
import { asHere } from '../../components/asHere';
import { shownSent } from '../../components/written';
import type { Sends } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './MappingGrid.module.css';

export function ValueShown({ sends }: { sends: Sends }) {
  const timeZone = useAsk('workspaces.current', {}).data?.time_zone ?? 'UTC';
  switch (sends.kind) {
    case 'unknown':
      return null;
    case 'nothing':
      return sends.blocks ? (
        <span className={classes.failText}>No value: Salesforce requires one</span>
      ) : (
        <span className={classes.quiet}>Nothing</span>
      );
    case 'refused':
      return (
        <span className={classes.look} title={asHere(sends.cure)}>
          {sends.value && <span className="selectable">{sends.value}: </span>}
          {asHere(sends.why)}
        </span>
      );
    case 'value': {
      const kept = shownSent(sends.kept, sends.form, timeZone);
      return (
        <span className={`${classes.value} selectable`} title={`${sends.kept}${sends.cut ?? ''}`}>
          <Middle text={kept} />
          {sends.cut && (
            <del className={`strike ${classes.cut}`}>
              <span className="visually-hidden"> cut off: </span>
              {shortened(sends.cut)}
            </del>
          )}
        </span>
      );
    }
  }
}

/** Shortens in the middle, so that the end stays where something may be cut. */
function Middle({ text }: { text: string }) {
  const letters = [...text];
  if (letters.length < 24) return <span>{text}</span>;
  return (
    <>
      <span className={classes.start}>{letters.slice(0, -8).join('')}</span>
      <span className={classes.end}>{letters.slice(-8).join('')}</span>
    </>
  );
}

const LONGEST_CUT = 24;

function shortened(cut: string): string {
  const letters = [...cut];
  return letters.length > LONGEST_CUT ? `${letters.slice(0, LONGEST_CUT).join('')}… ` : cut;
}
