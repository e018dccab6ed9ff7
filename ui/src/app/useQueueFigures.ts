/** Where the contacts of all replications stand, as every place of the frame counts them. */
import type { QueueFigures } from '../ipc/bindings';
import { useAsk } from '../ipc/queries';

const NONE: QueueFigures = { waiting: 0, blocked: 0, sent: 0, held: 0 };

/** Returns `undefined` while they aren't known yet. */
export function useQueueFigures(): QueueFigures | undefined {
  const open = useAsk('workspaces.current', {});
  const queue = useAsk('queue.list', { filter: {}, limit: 0 }, { enabled: Boolean(open.data) });
  return open.data === null ? NONE : queue.data?.figures;
}
