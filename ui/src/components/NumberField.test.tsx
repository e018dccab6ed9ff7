import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { show } from '../testing/render';
import { setLocale } from './locale';
import { NumberField } from './NumberField';

afterEach(() => setLocale(null));

function Kept({ onValue, whole = false }: { onValue: (value: number | '') => void; whole?: boolean }) {
  const [value, setValue] = useState<number | string>(3);
  return (
    <NumberField
      label="Value"
      whole={whole}
      min={1}
      value={value}
      onChange={(value) => {
        setValue(value);
        onValue(value);
      }}
    />
  );
}

async function typed(text: string, whole = false) {
  const onValue = vi.fn();
  await show(() => <Kept onValue={onValue} whole={whole} />);
  const field = await screen.findByRole('textbox', { name: 'Value' });
  await userEvent.clear(field);
  await userEvent.type(field, text);
  return { last: onValue.mock.lastCall?.[0], field: field as HTMLInputElement };
}

test('a number keeps its fraction while it is typed, with a point and with a comma', async () => {
  setLocale('de-DE');
  expect((await typed('1,5')).last).toBe(1.5);
});

test('a point is a decimal sign where it cannot group digits', async () => {
  setLocale('de-DE');
  expect((await typed('1.5')).last).toBe(1.5);
});

test('a fraction in a whole number is refused at the field, not turned into another number', async () => {
  const { last, field } = await typed('1.5', true);
  expect(last).toBe(1);
  expect(field.validationMessage).toBe('Enter a whole number.');
  expect(screen.getByText('Enter a whole number.')).toBeTruthy();
});

test('a number below the least is refused at the field', async () => {
  const { field } = await typed('0');
  expect(field.validationMessage).toBe('Enter 1 or more.');
});
