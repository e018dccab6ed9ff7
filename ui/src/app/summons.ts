/** Dialogs that are opened from anywhere: by the menu, the palette, a key. */
import { useCallback, useEffect, useState } from 'react';

type Dialog = 'shortcuts' | 'about' | 'new workspace' | 'salvage';

/** Opens a dialog. */
export function summon(dialog: Dialog): void {
  window.dispatchEvent(new Event(`leadferry:${dialog}`));
}

/** Returns whether a dialog is open, and how to close it. */
export function useSummoned(dialog: Dialog): [boolean, () => void] {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const open = () => setOpened(true);
    window.addEventListener(`leadferry:${dialog}`, open);
    return () => window.removeEventListener(`leadferry:${dialog}`, open);
  }, [dialog]);
  return [opened, useCallback(() => setOpened(false), [])];
}
