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

test('past imports stand below the choice of a file', async () => {
  host();
  const { container } = await show(ImportScreen);
  expect(await screen.findByRole('button', { name: /contacts\.csv/ })).toBeTruthy();
  await expectAccessible(container);
});

test('a file shows where its columns go, what it would do, and which rows are faulty, before anything is done', async () => {
  const fake = host();
  const { container } = await chosen();
  expect(await screen.findByRole('button', { name: 'Import 2 contacts' })).toBeTruthy();
  expect(screen.getByRole('combobox', { name: 'E-mail goes to' })).toBeTruthy();
  expect(screen.getByText('Ada, Grace, No')).toBeTruthy();
  expect(screen.getByRole('table', { name: 'Faulty rows' }).textContent).toContain(
    'This is not an e-mail address.',
  );
  expect(fake.calls.some(({ name }) => name === 'imports.run')).toBe(false);
  await expectAccessible(container);
});

test('a file that was imported before says so and is taken again only knowingly', async () => {
  const fake = host();
  fake.answer({ 'imports.preview': { ...preview, imported_before: true } });
  await chosen();
  expect(await screen.findByText('This very file was imported before.')).toBeTruthy();
  await userEvent.click(await screen.findByRole('button', { name: 'Import 2 contacts' }));
  await waitFor(() => {
    const run = fake.calls.find(({ name }) => name === 'imports.run');
    expect(run?.params).toMatchObject({ file: FILE, again: true });
  });
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
