/** The keys, one a line. */
import { Kbd, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import classes from './ShortcutsDialog.module.css';
import { rest, work } from './screens';

const SHOW = 'leadferry:shortcuts';

/** Opens the dialog from anywhere. */
export function showShortcuts(): void {
  window.dispatchEvent(new Event(SHOW));
}

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Search, go to a screen, or do something'],
  ['/', 'Search on this screen'],
  ['?', 'Show these keys'],
  ['Esc', 'Close what is open'],
  ['↑ ↓', 'Move in a list'],
  ['Enter', 'Open a row, or edit a cell'],
  ['F8', 'Next field that needs a look, in a mapping'],
  ...[...work, ...rest].map(({ key, name }) => [`G ${key.toUpperCase()}`, name] as const),
];

export function ShortcutsDialog() {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const open = () => setOpened(true);
    window.addEventListener(SHOW, open);
    return () => window.removeEventListener(SHOW, open);
  }, []);
  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title="Keyboard shortcuts" size={460}>
      <dl className={classes.keys}>
        {keys.map(([key, what]) => (
          <div key={key} className={classes.line}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
