/** A user before the window: finds things by role and name, and does what people do with them. */
import { waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect } from 'vitest';

type Name = string | RegExp;

/** The real host answers within this time, however busy the machine. */
const PATIENCE = { timeout: Number(process.env.LEADFERRY_TEST_PATIENCE ?? 15_000) };

// Whether a pointer reaches something depends on its style, which is slow to find out here; the journeys in the real window see to it.
export const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });

/** Where a role may stand; what has a role of its own counts as that alone. */
const tags: Record<string, string> = {
  button: 'button,summary',
  link: 'a[href]',
  textbox: 'input,textarea',
  searchbox: 'input[type=search]',
  checkbox: 'input[type=checkbox]',
  radio: 'input[type=radio]',
  heading: 'h1,h2,h3',
  table: 'table',
  list: 'ul,ol',
  region: 'section',
  complementary: 'aside',
  navigation: 'nav',
  form: 'form',
};
const notText = ['checkbox', 'radio', 'search', 'hidden', 'file', 'range'];
const parts = ['dialog', 'region', 'complementary', 'group', 'navigation', 'table', 'form'];
const fields = ['textbox', 'searchbox', 'combobox'];

/**
 * Returns all things of this role and name, inside a part of the window where one is named.
 *
 * Testing Library's own queries ask for the style of every element, which takes most of a second on a whole window.
 */
export function all(role: string, name: Name, inside?: Name): HTMLElement[] {
  const places =
    inside === undefined ? [document.body] : parts.flatMap((part) => all(part, inside)).slice(0, 1);
  const selector = [`[role=${role}]`, tags[role]].filter(Boolean).join(',');
  const fits = isNamed(name);
  return places
    .flatMap((place) => [...place.querySelectorAll<HTMLElement>(selector)])
    .filter((node) => {
      const own = node.getAttribute('role');
      if (own ? own !== role : role === 'textbox' && notText.includes((node as HTMLInputElement).type))
        return false;
      return fits(node);
    });
}

function isNamed(name: Name): (node: HTMLElement) => boolean {
  return (node) => {
    const named = window.nameOfControl(node);
    return typeof name === 'string' ? named === name : name.test(named);
  };
}

/** Waits until there is something of this role and name, and returns the first. */
export async function find(role: string, name: Name, inside?: Name): Promise<HTMLElement> {
  return first(() => all(role, name, inside), `${role} ${name}${inside ? ` in ${inside}` : ''}`);
}

async function first(among: () => HTMLElement[], what: string): Promise<HTMLElement> {
  let found: HTMLElement | undefined;
  await until(() => {
    [found] = among();
    if (!found) throw new Error(`There is no ${what}. The window says: ${read().slice(-1500)}`);
  });
  return found as HTMLElement;
}

/** Clicks on something as soon as it is there and enabled. */
export async function click(role: string, name: Name, inside?: Name): Promise<void> {
  const enabled = () => all(role, name, inside).filter((node) => !(node as HTMLButtonElement).disabled);
  await user.click(await first(enabled, `enabled ${role} ${name}${inside ? ` in ${inside}` : ''}`));
}

/** Clicks on a button. */
export const press = (name: Name, inside?: Name): Promise<void> => click('button', name, inside);

/** Opens a menu by its button and chooses from it. */
export async function menu(button: Name, item: Name): Promise<void> {
  await press(button);
  await click('menuitem', item);
}

/** Replaces what a field holds. */
export async function fill(name: Name, text: string, inside?: Name): Promise<void> {
  let field = await fieldOf(name, inside);
  // A form is drawn anew when what it shows arrives.
  await until(async () => {
    field = await fieldOf(name, inside);
    await user.clear(field);
  });
  // Redrawing the window for each letter takes much of a test's time, so all but the last are pasted.
  const [start, end] = [text.slice(0, -1), text.slice(-1)];
  if (start) {
    await user.click(field);
    await user.paste(start);
  }
  if (end) await user.type(field, end.replace(/[[{]/g, '$&$&'));
}

/** Chooses from the list that a field opens, after typing what to search for where that is given. */
export async function choose(name: Name, option: Name, inside?: Name, typed?: string): Promise<void> {
  const field = await fieldOf(name, inside);
  await user.click(field);
  if (typed) await user.type(field, typed, { skipClick: true });
  // Lists of other fields are there as well, out of sight.
  const options = () => {
    const list = document.getElementById(field.getAttribute('aria-controls') ?? '');
    return [...(list?.querySelectorAll<HTMLElement>('[role=option]') ?? [])].filter(isNamed(option));
  };
  await user.click(await first(options, `option ${option} of ${name}`));
}

function fieldOf(name: Name, inside?: Name): Promise<HTMLElement> {
  const among = () =>
    fields
      .flatMap((role) => all(role, name, inside))
      .filter((field) => !(field as HTMLInputElement).disabled);
  return first(among, `field ${name}${inside ? ` in ${inside}` : ''}`);
}

/** Waits until a text can be read somewhere. */
export function see(text: string | RegExp): Promise<void> {
  return until(() =>
    typeof text === 'string' ? expect(read()).toContain(text) : expect(read()).toMatch(text),
  );
}

/** Waits until a text can no longer be read. */
export function lose(text: string): Promise<void> {
  return until(() => expect(read()).not.toContain(text));
}

/** Waits until something holds. */
export async function until(holds: () => unknown): Promise<void> {
  await waitFor(async () => void (await holds()), PATIENCE);
}

/** Returns what can be read in the window. */
function read(): string {
  const texts = [...document.body.children].filter(({ tagName }) => tagName !== 'STYLE');
  return texts
    .map((part) => textOf(part))
    .join(' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ');
}

function textOf(node: Node): string {
  if (node instanceof HTMLStyleElement) return '';
  if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
  return [...node.childNodes].map(textOf).join(node instanceof HTMLElement && isBlock(node) ? ' ' : '');
}

function isBlock({ tagName }: HTMLElement): boolean {
  return ['DIV', 'LI', 'UL', 'TR', 'TABLE', 'TBODY', 'SECTION', 'DL', 'FORM', 'HEADER', 'MAIN'].includes(
    tagName,
  );
}
