import { render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { showHiddenLetters } from './hiddenLetters';

const OVERRIDE = '\u202e';
let end = () => {};

beforeEach(() => {
  end = showHiddenLetters(document.body);
});
afterEach(() => end());

function Name({ name }: { name: string }) {
  const [shown, setShown] = useState(name);
  return (
    <>
      <button type="button" aria-label={`Open ${shown}`} onClick={() => setShown(`${OVERRIDE}second`)}>
        {shown}
      </button>
      <textarea aria-label="Field" defaultValue={shown} />
    </>
  );
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('an override of direction is written out in texts and names, when it comes and when it changes', async () => {
  render(<Name name={`${OVERRIDE}first`} />);
  await settled();
  const button = screen.getByRole('button');
  expect(button.textContent).toBe('\\u{202e}first');
  expect(button.getAttribute('aria-label')).toBe('Open \\u{202e}first');
  button.click();
  await settled();
  expect(button.textContent).toBe('\\u{202e}second');
});

test('what is in a field stays as it is', async () => {
  render(<Name name={`a${OVERRIDE}b`} />);
  await settled();
  expect((screen.getByRole('textbox') as HTMLTextAreaElement).value).toBe(`a${OVERRIDE}b`);
});
