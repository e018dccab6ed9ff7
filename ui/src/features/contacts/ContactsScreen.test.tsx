// A fake host: a list of twenty thousand, and a workspace that cannot be read.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeAll, expect, test } from 'vitest';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { show } from '../../testing/render';
import { card, fields, page } from '../../testing/samples.contacts';
import { ContactsScreen as Screen } from './ContactsScreen';

const ContactsScreen = () => <Screen Cures={() => null} />;

beforeAll(() => {
  // There is no layout here: the list needs a height to know what is in sight.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { value: 600 });
});

/** The fields below make two columns: the email and the Salesforce status. */
const rows = page.rows.map((row) => ({ ...row, cells: [row.cells[1] ?? null, 'linked'] }));

function host() {
  return fakeHost({
    'contacts.page': { ...page, rows },
    'contacts.count': 3,
    'contacts.fields': fields,
    'contacts.show': card,
    'mirror.of_contact': { records: [], calls: 0 },
    'scores.list': [],
    'segments.list': [],
    'shell.preference': null,
  });
}

test('the members of a segment are listed alone', async () => {
  const fake = host();
  const segment = {
    name: 'Worth a call',
    description: '',
    says: null,
    unread: null,
    unfit: null,
    members: 2,
    calculated_at: null,
  };
  fake.answer({ 'segments.list': [segment] });
  await show(ContactsScreen);
  await screen.findByText('3 contacts');
  await userEvent.click(screen.getByRole('button', { name: 'Add filter' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'By segment…' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Apply filter' }));
  expect(await screen.findByText('In Worth a call')).toBeTruthy();
  expect(fake.calls).toContainEqual({ name: 'contacts.count', params: { segment: 'Worth a call' } });
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

/** All in a list of so many, whatever the list has drawn. */
async function selectAll(total: number) {
  const fake = host();
  fake.answer({ 'contacts.count': total, 'contacts.delete': { act: 7, contacts: total } });
  await show(ContactsScreen);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Select all' }));
  return fake;
}

test('all contacts of a list are selected, however many, and one can be left out', async () => {
  const fake = await selectAll(21_221);
  expect(screen.getByText('21,221 contacts selected')).toBeTruthy();
  const [first] = page.rows;
  await userEvent.click(screen.getByRole('checkbox', { name: `Select ${first?.name}` }));
  expect(screen.getByText('21,220 contacts selected')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Delete…' }));
  expect(fake.calls.some(({ name }) => name === 'contacts.delete')).toBe(false);
  await userEvent.click(await screen.findByRole('button', { name: 'Delete 21,220 contacts' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'contacts.delete',
      params: { filter: {}, except: [first?.guid] },
    }),
  );
});

test('another list begins without a selection of all', async () => {
  await selectAll(21_221);
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search contacts' }), 'ann');
  await waitFor(() => expect(screen.queryByText(/contacts selected/)).toBeNull());
});

test('the selected contacts are exported in the order and with the columns that are chosen', async () => {
  const fake = host();
  fake.answer({ 'shell.pick_place': '/home/mia/contacts.xlsx', 'contacts.export': 1 });
  await show(ContactsScreen);
  const [first] = page.rows;
  await userEvent.click(await screen.findByRole('checkbox', { name: `Select ${first?.name}` }));
  await userEvent.click(screen.getByRole('button', { name: 'Export…' }));
  await userEvent.click(await screen.findByRole('radio', { name: 'Columns in the list' }));
  await userEvent.click(screen.getByRole('radio', { name: 'Excel' }));
  await userEvent.click(screen.getByRole('button', { name: 'Export 1 contact' }));
  expect(await screen.findByText('Exported 1 contact to /home/mia/contacts.xlsx.')).toBeTruthy();
  const sent = fake.calls.find(({ name }) => name === 'contacts.export');
  expect(sent?.params).toMatchObject({
    contacts: [first?.guid],
    columns: ['name', 'email', 'salesforce'],
    place: '/home/mia/contacts.xlsx',
    sort: { column: 'name', descending: false },
  });
});
