/** What somebody answered about a purpose, in words. */
import type { ConsentStanding } from '../ipc/bindings';

export const answerWords: Record<ConsentStanding, string> = {
  given: 'Given',
  refused: 'Refused',
  not_asked: 'Not asked',
};

type Choice = { value: ConsentStanding; label: string };

const choice = (value: ConsentStanding): Choice => ({ value, label: answerWords[value] });

/** What can be recorded as an answer. */
export const answers: Choice[] = [choice('given'), choice('refused')];

/** The same, and that there is none. */
export const standings: Choice[] = [...answers, choice('not_asked')];
