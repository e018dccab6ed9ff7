/** What the desktop's menu asks of the window. */
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { inWords } from '../components/Trouble';
import { say } from '../components/undo';
import { asHostError, call } from '../ipc/call';
import { useHostEvent } from '../ipc/events';
import { showShortcuts } from './ShortcutsDialog';
import { rest, work } from './screens';
import { summon } from './summons';
import { useZoom } from './useZoom';

export function useMenu(): void {
  const navigate = useNavigate();
  const { zoomIn, zoomOut, reset } = useZoom();
  useHostEvent(
    'menu',
    useCallback(
      ({ item }) => {
        const screen = [...work, ...rest].find(({ name }) => name.toLowerCase() === item);
        if (screen) void navigate({ to: screen.to });
        else if (item === 'import') void navigate({ to: '/contacts/import' });
        else if (item === 'shortcuts') showShortcuts();
        else if (item === 'about') summon('about');
        else if (item === 'new_workspace') summon('new workspace');
        else if (item === 'zoom_in') zoomIn();
        else if (item === 'zoom_out') zoomOut();
        else if (item === 'zoom_reset') reset();
        else if (item === 'open_workspace') void tell(call('workspaces.open', {}).then(() => null));
        else if (item === 'backup') {
          void tell(call('workspaces.backup', {}).then((made) => made && `Backup saved to ${made.path}.`));
        }
      },
      [navigate, zoomIn, zoomOut, reset],
    ),
  );
}

/** Says what came of it; a menu has no place of its own for an error. */
async function tell(done: Promise<string | null>): Promise<void> {
  try {
    const text = await done;
    if (text) say(text);
  } catch (thrown) {
    say(inWords(asHostError(thrown)));
  }
}
