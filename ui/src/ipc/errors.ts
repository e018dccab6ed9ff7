/** The one table from an error's code to its tone and what can be done about it from here. */
import type { Code } from './bindings';

export type Cure = {
  /** The verb on the button. */
  label: string;
  /** The screen that it leads to; none repeats what failed. */
  to?: string;
};

export type Treatment = { tone: 'fail' | 'look'; cure: Cure | null };

const retry: Cure = { label: 'Try again' };
const connections: Cure = { label: 'Open Connections', to: '/connections' };

const treatments: Record<Code, Treatment> = {
  usage: { tone: 'look', cure: null },
  already_imported: { tone: 'look', cure: null },
  no_workspace: { tone: 'look', cure: { label: 'Choose a workspace', to: '/' } },
  // Its own bar, above every screen, leads to the review.
  unapproved: { tone: 'look', cure: retry },
  unconfirmed: { tone: 'look', cure: null },
  sign_in: { tone: 'fail', cure: connections },
  limit: { tone: 'look', cure: retry },
  storage: { tone: 'fail', cure: retry },
  rights: { tone: 'fail', cure: connections },
  set_up: { tone: 'fail', cure: connections },
  no_network: { tone: 'look', cure: retry },
  another_sender: { tone: 'look', cure: retry },
  cancelled: { tone: 'look', cure: retry },
  passphrase: { tone: 'look', cure: retry },
  read_only: { tone: 'fail', cure: retry },
  newer: { tone: 'fail', cure: null },
  local: { tone: 'fail', cure: retry },
};

export function treatmentOf(code: Code): Treatment {
  return treatments[code];
}
