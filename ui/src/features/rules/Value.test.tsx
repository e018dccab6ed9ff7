// A fake host: only the places that a rule offers, without a workspace around them.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { setLocale } from '../../components/locale';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { Value } from './Value';

afterEach(() => setLocale(null));

type Given = { field: string; kind: string; operator: string; begun: unknown };

function Edited({ field, kind, operator, begun }: Given) {
  const [value, setValue] = useState(begun);
  return (
    <>
      <Value field={field} kind={kind} operator={operator} value={value} onChange={setValue} place="rule 1" />
      <output>{JSON.stringify(value)}</output>
    </>
  );
}

const held = () => JSON.parse(screen.getByRole('status').textContent ?? 'null');

test.each([
  ['de-DE', '1.5', 1.5],
  ['de-DE', '1,5', 1.5],
  ['de-DE', '1.500', 1500],
  ['en-US', '1.5', 1.5],
  ['en-US', '1,500', 1500],
  ['fr-FR', '1 500,25', 1500.25],
])('in %s the number %s is what it says', async (locale, typed, number) => {
  setLocale(locale);
  fakeHost({});
  await show(() => <Edited field="field:custom:Worth" kind="decimal" operator="at_least" begun={null} />);
  await userEvent.type(screen.getByRole('textbox', { name: 'Value, rule 1' }), typed);
  expect(held()).toBe(number);
});

test('the number of a detail is read in the same way', async () => {
  setLocale('de-DE');
  fakeHost({});
  const begun = { with: [{ field: 'value', op: 'at_least', value: '' }] };
  await show(() => <Edited field="activity:order" kind="activity" operator="did" begun={begun} />);
  await userEvent.type(screen.getByRole('textbox', { name: 'Value of the detail, rule 1' }), '99,5');
  expect(held().with).toEqual([{ field: 'value', op: 'at_least', value: 99.5 }]);
});

test('a date stands in the form of here', async () => {
  setLocale('de-DE');
  fakeHost({});
  await show(() => <Edited field="field:birthday" kind="date" operator="before" begun="1990-01-31" />);
  const input = screen.getByRole('textbox', { name: 'Value, rule 1' });
  expect(input.getAttribute('value')).toBe('31.01.1990');
  await userEvent.clear(input);
  await userEvent.type(input, '1.2.1991');
  expect(held()).toBe('1991-02-01');
});

test('countries are chosen by name, and kept by their codes', async () => {
  fakeHost({
    'contacts.places': [
      { code: 'AT', name: 'Austria' },
      { code: 'DE', name: 'Germany' },
    ],
  });
  const { container } = await show(() => (
    <Edited field="field:country" kind="text" operator="equals" begun="DE" />
  ));
  const select = await screen.findByRole('combobox', { name: 'Value, rule 1' });
  expect(await screen.findByDisplayValue('Germany')).toBeTruthy();
  await userEvent.click(select);
  await userEvent.click(await screen.findByRole('option', { name: 'Austria' }));
  expect(held()).toBe('AT');
  await expectAccessible(container);
});
