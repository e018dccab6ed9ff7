/** What the desktop's menu asks of the window. */
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { say } from '../components/undo';
import { asHostError, call } from '../ipc/call';
import { useHostEvent } from '../ipc/events';
import { showShortcuts } from './ShortcutsDialog';
import { rest, work } from './screens';

export function useMenu(): void {
  const navigate = useNavigate();
  useHostEvent(
    'menu',
    useCallback(
      ({ item }) => {
        const screen = [...work, ...rest].find(({ name }) => name.toLowerCase() === item);
        if (screen) void navigate({ to: screen.to });
        else if (item === 'import') void navigate({ to: '/contacts/import' });
        else if (item === 'shortcuts') showShortcuts();
        else if (item === 'open_workspace') void tell(call('workspaces.open', {}).then(() => null));
        else if (item === 'backup') {
          void tell(call('workspaces.backup', {}).then((made) => made && `The copy is at ${made.path}.`));
        }
      },
      [navigate],
    ),
  );
}

/** Says what came of it; a menu has no place of its own for an error. */
async function tell(done: Promise<string | null>): Promise<void> {
  try {
    const text = await done;
    if (text) say(text);
  } catch (thrown) {
    const { message, hint } = asHostError(thrown);
    say(`${message}. ${hint}`);
  }
}
