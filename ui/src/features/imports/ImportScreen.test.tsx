import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { FaultyRows, ImportOutcome } from '../../ipc/bindings';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { past, preview, targets, trial } from '../../testing/samples.imports';
import { ImportScreen } from './ImportScreen';

const FILE = '/home/mia/contacts.csv';

function host() {
  return fakeHost({
    'shell.pick_file': FILE,
    'imports.list': past,
    'imports.preview': preview,
    'imports.try': trial,
    'imports.targets': targets,
  });
}

async function chosen() {
  const shown = await show(ImportScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Choose a file' }));
  return shown;
}

test('past imports stand below the choice of a file', async () => {
  host();
  const { container } = await show(ImportScreen);
  expect(await screen.findByRole('button', { name: /contacts\.csv/ })).toBeTruthy();
  await expectAccessible(container);
});

test('a file shows what its columns map to, what importing it does, and which rows are invalid, before anything is done', async () => {
  const fake = host();
  const { container } = await chosen();
  expect(await screen.findByRole('button', { name: 'Import 2 contacts' })).toBeTruthy();
  expect(screen.getByRole('combobox', { name: 'E-mail maps to' })).toBeTruthy();
  expect(screen.getByText('Ada, Grace, No')).toBeTruthy();
  expect(screen.getByRole('table', { name: 'Invalid rows' }).textContent).toContain(
    "This isn't an email address.",
  );
  expect(screen.getByText(/1 contact has opted out/)).toBeTruthy();
  expect(fake.calls.some(({ name }) => name === 'imports.run')).toBe(false);
  await expectAccessible(container);
});

test('a file that was imported before says so and is taken again only knowingly', async () => {
  const fake = host();
  fake.answer({ 'imports.preview': { ...preview, imported_before: true } });
  await chosen();
  expect(await screen.findByText('You imported this file before.')).toBeTruthy();
  await userEvent.click(await screen.findByRole('button', { name: 'Import 2 contacts' }));
  await waitFor(() => {
    const run = fake.calls.find(({ name }) => name === 'imports.run');
    expect(run?.params).toMatchObject({ file: FILE, again: true });
  });
});

test('a file that could not be read is read again when it is chosen again', async () => {
  const fake = host();
  fake.answer({
    'imports.preview': () => {
      throw hostError({ message: 'There is no file contacts.csv.' });
    },
  });
  await chosen();
  expect(await screen.findByText('There is no file contacts.csv.')).toBeTruthy();
  fake.answer({ 'imports.preview': preview });
  await userEvent.click(screen.getByRole('button', { name: 'Choose another file' }));
  expect(await screen.findByRole('button', { name: 'Import 2 contacts' })).toBeTruthy();
});

function invalid(reason: string): FaultyRows {
  const row = { line: 9, column: 'Email', reason, cells: ['Ada', 'nobody'] };
  return { columns: ['Name', 'Email'], rows: [row], total: 1 };
}

const outcome: ImportOutcome = {
  import: 2,
  finished: true,
  resumed: false,
  rows: 1,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  faulty: 1,
  errors_file: null,
  faults: [{ line: 9, column: 'Email', reason: 'this email has no domain', cells: [] }],
  warnings: [],
  warning_count: 0,
  linked: 0,
  columns_ignored: [],
  custom_fields_created: [],
};

test('a fix that fails again stays as it was typed, with the new reason', async () => {
  const fake = host();
  fake.answer({ 'imports.faulty': invalid("this isn't an email address"), 'imports.mend': outcome });
  await show(ImportScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'contacts.csv' }));
  const email = within(await screen.findByRole('group', { name: 'Row 9' })).getByRole('textbox', {
    name: 'Email',
  });
  await userEvent.clear(email);
  await userEvent.type(email, 'ada@');
  await userEvent.click(screen.getByRole('button', { name: 'Import 1 fixed row' }));
  const row = screen.getByRole('group', { name: 'Row 9' });
  expect((await within(row).findByRole('alert')).textContent).toContain('This email has no domain.');
  expect(email.getAttribute('value')).toBe('ada@');
  expect(screen.getByRole('button', { name: 'Import 1 fixed row' })).toBeTruthy();
  expect(fake.calls.find(({ name }) => name === 'imports.mend')?.params).toEqual({
    import: 1,
    rows: [{ line: 9, cells: ['Ada', 'ada@'] }],
  });
});

test('a fixed row is counted as fixed, and its import opens its own contacts', async () => {
  host().answer({ 'imports.list': past.map((one) => ({ ...one, faulty: 0, fixed: 3, mendable: false })) });
  const { router } = await show(ImportScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'contacts.csv' }));
  expect((await screen.findByText('Fixed')).textContent).toContain('3');
  expect(screen.getByText('Invalid').textContent).toContain('0');
  await userEvent.click(screen.getByRole('button', { name: 'Open contacts' }));
  expect(router.state.location.search).toEqual({ import: 1 });
});

test('a file that cannot be read says why, and can be read in another way', async () => {
  host().answer({
    'imports.preview': () => {
      throw hostError({ message: 'the file is no text', hint: 'choose another encoding' });
    },
  });
  await chosen();
  expect(await screen.findByText('The file is no text.')).toBeTruthy();
  expect(screen.getByText('Choose another encoding.')).toBeTruthy();
});
