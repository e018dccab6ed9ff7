/** A dialog. When it closes, the focus goes back to what it was opened from. */
import { Modal, type ModalProps } from '@mantine/core';
import { useLayoutEffect, useState } from 'react';

export function Dialog({ children, ...props }: ModalProps) {
  return (
    <Modal {...props} returnFocus={false}>
      <FocusBack />
      {children}
    </Modal>
  );
}

/** Mantine gives the focus back to what had it while the dialog was closed; ours are only there while they are open. */
function FocusBack() {
  const [opener] = useState(() => openerOf(document.activeElement));
  useLayoutEffect(
    () => () => {
      const focused = document.activeElement;
      const isLost = !focused || focused === document.body || focused.closest('[role=dialog]') !== null;
      if (isLost && opener?.isConnected) opener.focus({ preventScroll: true });
    },
    [opener],
  );
  return null;
}

/** Returns what a dialog was opened from: of a menu, which is gone when the dialog closes, the button that opened it. */
function openerOf(focused: Element | null): HTMLElement | null {
  const button = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  const opener = button ? document.getElementById(button) : focused;
  return opener instanceof HTMLElement ? opener : null;
}
