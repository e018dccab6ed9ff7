/** What undoing an act came to. */
import { counted } from '../components/numbers';
import type { Undone } from '../ipc/bindings';

/** Returns it in sentences. */
export function undoneInWords({
  restored,
  removed,
  activities_removed: activities,
  left_alone: left,
}: Undone) {
  const sentences = [
    restored > 0 && `Restored ${counted(restored, 'contact')}.`,
    removed > 0 && `Removed ${counted(removed, 'contact')} that the import had added.`,
    activities > 0 && `Removed ${counted(activities, 'activity', 'activities')}.`,
    left.length > 0 && `${counted(left.length, 'contact')} changed since and stayed as they are.`,
  ];
  return sentences.filter(Boolean).join(' ') || 'There was nothing left to restore.';
}
