/** Paths of purposes: the names from the purpose down. */
import type { PurposeInfo } from '../../ipc/bindings';

const BETWEEN = ' > ';

/** Returns the last name of a path. */
export function lastName(path: string): string {
  return path.split(BETWEEN).at(-1) ?? path;
}

/** Returns one with all that stands below it. */
export function withAllBelow(purposes: readonly PurposeInfo[], path: string): PurposeInfo[] {
  return purposes.filter((one) => one.path === path || one.path.startsWith(path + BETWEEN));
}
