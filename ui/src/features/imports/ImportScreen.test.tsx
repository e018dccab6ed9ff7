// A fake host: exact figures of an import, beside each other.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
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

test('what is said of the file as a whole is said once', async () => {
  const guessed = { line: null, text: 'The text was read as windows-1252, which is a guess' };
  const odd = { line: 3, text: 'Two people share this email' };
  host().answer({
    'imports.preview': { ...preview, warnings: [guessed] },
    'imports.try': { ...trial, warnings: [guessed, odd], warning_count: 3 },
  });
  await chosen();
  expect(await screen.findByText('Row 3: Two people share this email.')).toBeTruthy();
  expect(screen.getAllByText(/which is a guess/)).toHaveLength(1);
  expect(screen.getByText('And 1 more note.')).toBeTruthy();
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

test('a fixed row is counted as fixed, and its import opens its own contacts', async () => {
  host().answer({ 'imports.list': past.map((one) => ({ ...one, faulty: 0, fixed: 3, mendable: false })) });
  const { router } = await show(ImportScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'contacts.csv' }));
  expect((await screen.findByText('Fixed')).textContent).toContain('3');
  expect(screen.getByText('Invalid').textContent).toContain('0');
  await userEvent.click(screen.getByRole('button', { name: 'Open contacts' }));
  expect(router.state.location.search).toEqual({ import: 1 });
});

test('a header row further down than the rows that are listed is chosen by its number', async () => {
  const fake = host();
  await chosen();
  const row = await screen.findByRole('combobox', { name: 'Header row' });
  await userEvent.click(row);
  await userEvent.clear(row);
  await userEvent.type(row, '23');
  await userEvent.click(await screen.findByRole('option', { name: 'Row 23' }));
  await waitFor(() =>
    expect(fake.calls.filter(({ name }) => name === 'imports.preview').at(-1)?.params).toMatchObject({
      header_row: 23,
    }),
  );
});
