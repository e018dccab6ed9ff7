/** The rules as one sentence: what they ask for stands out from the words that join it. */
import { asHere } from '../../components/asHere';
import classes from './Segments.module.css';

/** A quoted value as it is, or a word that joins rules. */
const JOINTS =
  /(“[^”]*”)|(^Everyone|^Nobody|, but not anyone|\b(?:and|or)\b(?= (?:whose|who|\())|\bwhose\b|\bwho\b|[()])/g;

type Piece = { at: number; text: string; joins: boolean };

export function Sentence({ says }: { says: string }) {
  return (
    <blockquote className={classes.sentence} aria-label="Rules as a sentence">
      {pieces(asHere(says)).map(({ at, text, joins }) =>
        joins ? (
          <span key={at} className={classes.joint}>
            {text}
          </span>
        ) : (
          text
        ),
      )}
      .
    </blockquote>
  );
}

export function pieces(says: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of says.matchAll(JOINTS)) {
    const joint = match[2];
    if (joint === undefined) continue;
    if (match.index > end) found.push({ at: end, text: says.slice(end, match.index), joins: false });
    found.push({ at: match.index, text: joint, joins: true });
    end = match.index + joint.length;
  }
  if (end < says.length) found.push({ at: end, text: says.slice(end), joins: false });
  return found;
}
