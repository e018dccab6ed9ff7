/** What the desktop's menu asks of the window. */
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useHostEvent } from '../ipc/events';
import { showShortcuts } from './ShortcutsDialog';

export function useMenu(): void {
  const navigate = useNavigate();
  useHostEvent(
    'menu',
    useCallback(
      ({ item }) => {
        if (item === 'shortcuts') showShortcuts();
        else if (item.startsWith('/')) void navigate({ to: item });
      },
      [navigate],
    ),
  );
}
