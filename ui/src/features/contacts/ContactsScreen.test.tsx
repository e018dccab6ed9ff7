import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { card, fields, page } from '../../testing/samples.contacts';
import { ContactsScreen } from './ContactsScreen';

beforeAll(() => {
  // There is no layout here: the list needs a height to know what is in sight.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { value: 600 });
});

function host() {
  return fakeHost({
    'contacts.page': page,
    'contacts.count': 3,
    'contacts.fields': fields,
    'contacts.show': card,
    'scores.list': [],
    'segments.list': [],
    'shell.preference': null,
  });
}

test('contacts are listed with how many there are', async () => {
  host();
  const { container } = await show(ContactsScreen);
  expect(await screen.findByText('3 contacts')).toBeTruthy();
  const name = String(page.rows[0]?.cells[0]);
  expect(await screen.findAllByText(name)).not.toEqual([]);
  await expectAccessible(container);
});

test('what is typed is searched for, and nobody who fits is said, with the way back', async () => {
  const fake = host();
  await show(ContactsScreen);
  await screen.findByText('3 contacts');
  fake.answer({ 'contacts.count': 0 });
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search contacts' }), 'nobody');
  expect(await screen.findByText('Nobody fits')).toBeTruthy();
  expect(fake.calls).toContainEqual({ name: 'contacts.count', params: { text: 'nobody' } });
  fake.answer({ 'contacts.count': 3 });
  await userEvent.click(screen.getByRole('button', { name: 'Show all contacts' }));
  await waitFor(() => expect(screen.queryByText('Nobody fits')).toBeNull());
});

test('the members of a segment are listed alone', async () => {
  const fake = host();
  const segment = { name: 'Worth a call', description: '', says: null, members: 2, calculated_at: null };
  fake.answer({ 'segments.list': [segment] });
  await show(ContactsScreen);
  await screen.findByText('3 contacts');
  await userEvent.click(screen.getByRole('button', { name: 'Add a filter' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'By a segment…' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Filter' }));
  expect(await screen.findByText('In Worth a call')).toBeTruthy();
  expect(fake.calls).toContainEqual({ name: 'contacts.count', params: { segment: 'Worth a call' } });
});

test('an empty workspace says where contacts come from', async () => {
  host().answer({ 'contacts.count': 0 });
  await show(ContactsScreen);
  expect(await screen.findByText('No contacts yet')).toBeTruthy();
});

test('a workspace that cannot be read says so', async () => {
  host().answer({
    'contacts.count': () => {
      throw hostError({ message: 'the workspace cannot be read' });
    },
  });
  await show(ContactsScreen);
  expect(await screen.findByText('The workspace cannot be read.')).toBeTruthy();
});
