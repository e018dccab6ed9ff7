/** Keys that work everywhere: G then a letter goes to a screen, `/` searches, `?` shows the keys. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { showShortcuts } from './ShortcutsDialog';
import { rest, work } from './screens';

const WAIT_MS = 1500;

export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goingUntil = 0;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      const screen = [...work, ...rest].find(({ key }) => key === event.key.toLowerCase());
      if (performance.now() < goingUntil && screen) {
        void navigate({ to: screen.to });
      } else if (event.key === 'g') {
        goingUntil = performance.now() + WAIT_MS;
        return;
      } else if (event.key === '/') {
        document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus();
      } else if (event.key === '?') {
        showShortcuts();
      } else {
        goingUntil = 0;
        return;
      }
      goingUntil = 0;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
