/** Text of files, orgs and workspaces, shown so that it cannot look like other text. */

/**
 * Letters that do something without being seen: controls, overrides of direction, separators, invisible signs. The two
 * joiners are none of them: names in Persian and in Indian scripts are written with them, and so are emoji.
 */
const hidden =
  /[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Returns a text with everything invisible written out, as in `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(hidden, (letter) => `\\u{${letter.codePointAt(0)?.toString(16)}}`);
}

/** Returns what a place shows, with its text made visible; anything but text stays. */
export function shown<T>(content: T): T | string {
  return typeof content === 'string' ? visible(content) : content;
}
