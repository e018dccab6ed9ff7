// A fake host: exact counts of the values that are lost, and a field in use.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { CustomFields } from './CustomFields';

const Dialog = () => <CustomFields onClose={() => {}} />;

function host() {
  return fakeHost({
    'custom_fields.list': [
      { name: 'Region', kind: 'text', scale: null, indexed: false },
      { name: 'Price', kind: 'decimal', scale: 2, indexed: false },
    ],
    'shell.preference': ['email', 'custom:Region'],
    'shell.set_preference': null,
  });
}

test('a field is added with its type, and a name that is taken is said at the field', async () => {
  const fake = host();
  fake.answer({
    'custom_fields.add': () => {
      throw hostError({ message: 'there is a custom field "Region" already', hint: 'choose another name' });
    },
  });
  const { baseElement } = await show(Dialog);
  expect(await screen.findByText('Decimal number, 2 decimal places')).toBeTruthy();
  await expectAccessible(baseElement as HTMLElement);
  await userEvent.type(screen.getByRole('textbox', { name: 'New field' }), 'Region');
  await userEvent.click(screen.getByRole('combobox', { name: 'Type' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Date' }));
  await userEvent.click(screen.getByRole('button', { name: 'Add field' }));
  expect(await screen.findByText(/There is a custom field "Region" already/)).toBeTruthy();
  expect(fake.calls).toContainEqual({ name: 'custom_fields.add', params: { name: 'Region', kind: 'date' } });
});

test('a renamed field stays a column of the list', async () => {
  const fake = host();
  fake.answer({ 'custom_fields.rename': { name: 'Sales area', kind: 'text', scale: null, indexed: false } });
  await show(Dialog);
  await userEvent.click(await screen.findByRole('button', { name: 'Rename Region' }));
  const name = await screen.findByRole('textbox', { name: 'Name' });
  await userEvent.clear(name);
  await userEvent.type(name, 'Sales area');
  await userEvent.click(screen.getByRole('button', { name: 'Rename field' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'shell.set_preference',
      params: { key: 'contacts_columns', value: ['email', 'custom:Sales area'] },
    }),
  );
});

test('a field in use cannot be removed, and says what uses it', async () => {
  const fake = host();
  fake.answer({ 'custom_fields.uses': { contacts: 3, users: ['the segment "Northerners"'] } });
  await show(Dialog);
  await userEvent.click(await screen.findByRole('button', { name: 'Remove Region' }));
  expect(await screen.findByText('The segment "Northerners"')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Remove field' })).toHaveProperty('disabled', true);
});

test('how many contacts lose a value is said before a field is removed', async () => {
  const fake = host();
  fake.answer({ 'custom_fields.uses': { contacts: 1204, users: [] }, 'custom_fields.remove': 1204 });
  await show(Dialog);
  await userEvent.click(await screen.findByRole('button', { name: 'Remove Region' }));
  expect(await screen.findByText(/value of 1,204 contacts/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Remove field' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'custom_fields.remove',
      params: { name: 'Region', with_values: true },
    }),
  );
});
