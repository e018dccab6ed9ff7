import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { fakeHost } from '../testing/fakeHost';
import { show } from '../testing/render';
import { DateField } from './DateField';
import { setLocale } from './locale';
import { readDate } from './written';

afterEach(() => setLocale(null));

test('a date is read as it is written here, and always from the form of databases', () => {
  expect(readDate('31.01.2026', 'de-DE')).toBe('2026-01-31');
  expect(readDate('1/2/2026', 'en-US')).toBe('2026-01-02');
  expect(readDate('1/2/2026', 'en-GB')).toBe('2026-02-01');
  expect(readDate('2026-01-31', 'en-US')).toBe('2026-01-31');
  expect(readDate('31.1.26', 'de-DE')).toBe('2026-01-31');
  expect(readDate('31.02.2026', 'de-DE')).toBeNull();
  expect(readDate('tomorrow', 'en-GB')).toBeNull();
});

function Dated() {
  const [date, setDate] = useState('2026-01-31');
  return (
    <>
      <DateField label="Until" value={date} onChange={setDate} />
      <output>{date}</output>
    </>
  );
}

test('a date is shown and typed in the form of here; what is none is said once the field is left', async () => {
  setLocale('de-DE');
  fakeHost({});
  await show(() => <Dated />);
  const input = screen.getByRole('textbox', { name: 'Until' });
  expect(input.getAttribute('value')).toBe('31.01.2026');
  await userEvent.clear(input);
  await userEvent.type(input, '5.3.2027');
  expect(screen.getByRole('status').textContent).toBe('2027-03-05');
  await userEvent.clear(input);
  await userEvent.type(input, '32.3.2027');
  expect(screen.queryByText(/Enter a date/)).toBeNull();
  await userEvent.tab();
  expect(screen.getByText('Enter a date, such as 31.01.2026.')).toBeTruthy();
});
