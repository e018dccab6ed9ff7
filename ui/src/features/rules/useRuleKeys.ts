/** Keys within the rules: Alt and an arrow move one, Enter adds one below. */
import type { KeyboardEvent, RefObject } from 'react';
import type { RuleType } from 'react-querybuilder';
import { pressed } from './arranging';
import type { Query } from './tree';

type Keys = {
  frame: RefObject<HTMLElement | null>;
  query: Query;
  put: (query: Query) => void;
  newRule: () => RuleType;
};

export function useRuleKeys({ frame, query, put, newRule }: Keys) {
  return (event: KeyboardEvent) => {
    const part = (event.target as HTMLElement).closest<HTMLElement>('[data-path]');
    if (!part) return;
    const path = JSON.parse(part.dataset.path ?? '[]') as number[];
    const arranged = pressed(query, event, { path, text: textOf(event.target) }, newRule);
    if (!arranged) return;
    event.preventDefault();
    // A list would open with the arrow.
    event.stopPropagation();
    const label = arranged.field ? 'Field' : labelOf(document.activeElement);
    put(arranged.query);
    // A rule that is new, or that goes to another group, is there with the next frame.
    requestAnimationFrame(() => focusIn(frame.current, arranged.focus, label));
  };
}

/** Returns what was typed into a field that takes text alone; lists need Enter for themselves. */
function textOf(target: EventTarget): string | null {
  if (!(target instanceof HTMLInputElement)) return null;
  return target.ariaHasPopup || target.getAttribute('aria-haspopup') ? null : target.value;
}

/** Returns the first word of a name such as `Value, rule 2`: where it stands changes, what it is doesn't. */
function labelOf(element: Element | null): string {
  return element?.getAttribute('aria-label')?.split(/[ ,]/)[0] ?? '';
}

/** Focuses what has this label in a rule, else the first that can have the focus. */
function focusIn(frame: HTMLElement | null, id: string, label: string): void {
  const part = frame?.querySelector(
    `[data-rule-id="${CSS.escape(id)}"],[data-rule-group-id="${CSS.escape(id)}"]`,
  );
  const same = part?.querySelector<HTMLElement>(`[aria-label^="${CSS.escape(label)}"]`);
  const first = part?.querySelector<HTMLElement>('input,button');
  (label && same ? same : first)?.focus();
}
