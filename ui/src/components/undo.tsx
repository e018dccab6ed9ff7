/** A toast that offers to take back what was just done, for ten seconds. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import classes from './undo.module.css';
import { visible } from './visible';

const OFFERED_MS = 10_000;

export function offerUndo(what: string, undo: () => void): void {
  const id = `undo-${Date.now()}`;
  notifications.show({
    id,
    autoClose: OFFERED_MS,
    withBorder: true,
    message: (
      <span className={classes.line}>
        <span>{visible(what)}</span>
        <Button
          size="xs"
          variant="default"
          aria-label={`Undo: ${visible(what)}`}
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </span>
    ),
  });
}

/** Says briefly that something was done which needs no answer. */
export function say(what: string): void {
  notifications.show({ message: visible(what), autoClose: 4000, withBorder: true });
}
