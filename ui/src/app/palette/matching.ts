/** Finds what was typed among names. */

/** Tells whether each word that was typed begins a word of the text. */
export function isMatch(text: string, typed: string): boolean {
  const words = text.toLowerCase().split(/[\s,·/-]+/);
  return wordsOf(typed).every((part) => words.some((word) => word.startsWith(part)));
}

/** Tells whether the text begins with what was typed. */
export function isBeginning(text: string, typed: string): boolean {
  return text.toLowerCase().startsWith(typed.trim().toLowerCase());
}

function wordsOf(typed: string): string[] {
  return typed.toLowerCase().split(/\s+/).filter(Boolean);
}
