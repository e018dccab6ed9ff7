import { expect, test } from 'vitest';
import { visible } from './visible';

test('what cannot be seen is written out', () => {
  expect(visible('exe.\u202evsc')).toBe('exe.\\u{202e}vsc');
  expect(visible('a\u001b[31m\u009b\u2066\ufeff\u{e0041}')).toBe(
    'a\\u{1b}[31m\\u{9b}\\u{2066}\\u{feff}\\u{e0041}',
  );
});

test('what people write stays', () => {
  for (const text of ['Zoë 欧阳', 'می\u200cخو', '👩\u200d💻', 'O’Neil & Sons'])
    expect(visible(text)).toBe(text);
});
