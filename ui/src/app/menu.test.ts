import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rest, work } from './screens';

const menu = readFileSync('../src-tauri/src/menu.rs', 'utf8');

test.each([...work, ...rest].map(({ name }) => name))('the menu bar leads to %s', (name) => {
  expect(menu).toContain(`("${name.toLowerCase()}", "${name}", `);
});
