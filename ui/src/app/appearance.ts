/** How the window looks, as the user has set it: colours, size of text, motion, numbers and dates. */
import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core';
import { setLocale } from '../components/locale';
import { call } from '../ipc/call';

let scheme: MantineColorScheme = 'auto';

/** Keeps the colour scheme among the preferences; [`readAppearance`] has read it before the first picture. */
export const rememberedScheme: MantineColorSchemeManager = {
  get: () => scheme,
  set: (value) => {
    scheme = value;
    void call('shell.set_preference', { key: 'color_scheme', value });
  },
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};

/** Reads how the window looked last. */
export async function readAppearance(): Promise<void> {
  const [color, size, motion, locale] = await Promise.all(
    ['color_scheme', 'text_size', 'reduce_motion', 'locale'].map((key) => call('shell.preference', { key })),
  );
  if (color === 'light' || color === 'dark') scheme = color;
  setTextSize(typeof size === 'number' ? size : 100);
  setReducedMotion(motion === true);
  setLocale(typeof locale === 'string' ? locale : null);
}

/** Sets the size of all text and of what is measured by it, in percent. */
export function setTextSize(percent: number): void {
  document.documentElement.style.fontSize = percent === 100 ? '' : `${percent}%`;
}

function setReducedMotion(reduced: boolean): void {
  document.documentElement.toggleAttribute('data-reduce-motion', reduced);
}
