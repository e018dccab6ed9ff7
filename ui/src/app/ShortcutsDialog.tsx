/** The keys, one a line. */
import { Kbd } from '@mantine/core';
import { Dialog } from '../components/Dialog';
import classes from './ShortcutsDialog.module.css';
import { rest, work } from './screens';
import { summon, useSummoned } from './summons';

/** Opens the dialog from anywhere. */
export function showShortcuts(): void {
  summon('shortcuts');
}

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl K', 'Search or jump to anything'],
  ['Ctrl + / −', 'Zoom in or out'],
  ['Ctrl 0', 'Reset zoom'],
  ['/', 'Search on this screen'],
  ['?', 'Show keyboard shortcuts'],
  ['Esc', 'Close the dialog or panel'],
  ['↑ ↓', 'Move in a list'],
  ['Enter', 'Open a row or edit a cell'],
  ['Alt ↑ ↓', 'Move a rule up or down'],
  ['F8', 'Next field that needs attention in a mapping'],
  ...[...work, ...rest].map(({ key, name }) => [`G ${key.toUpperCase()}`, name] as const),
];

export function ShortcutsDialog() {
  const [opened, close] = useSummoned('shortcuts');
  return (
    <Dialog opened={opened} onClose={close} title="Keyboard shortcuts" size={460}>
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
    </Dialog>
  );
}
