import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DialogButtons } from './DialogButtons';

function buttons(disabled: boolean | string) {
  render(
    <MantineProvider env="test">
      <DialogButtons onCancel={() => {}} disabled={disabled}>
        Save search
      </DialogButtons>
    </MantineProvider>,
  );
  return screen.getByRole<HTMLButtonElement>('button', { name: 'Save search' });
}

test('what a dialog is for says why it can’t be done yet, to the eye and to a screen reader', () => {
  const save = buttons('Enter a name');
  expect(save.disabled).toBe(true);
  expect(save.title).toBe('Enter a name');
  expect(save.getAttribute('aria-description')).toBe('Enter a name');
});

test('once it can be done, nothing is said', () => {
  const save = buttons(false);
  expect(save.disabled).toBe(false);
  expect(save.title).toBe('');
});
