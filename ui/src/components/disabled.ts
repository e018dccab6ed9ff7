/** Controls that can't be used for now, and say why. */

type Disabled = { disabled?: true; title?: string; 'aria-description'?: string };

/** Returns what a control takes to be disabled for a reason; nothing where there is none. */
export function disabledFor(reason: string | false | null | undefined): Disabled {
  return reason ? { disabled: true, title: reason, 'aria-description': reason } : {};
}
