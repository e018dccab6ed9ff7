import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { ActivitiesPreview, ActivitiesRequest } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { ActivitiesScreen } from './ActivitiesScreen';

const outcome = {
  import: 1,
  finished: true,
  resumed: false,
  rows: 2,
  added: 1,
  waiting: 1,
  skipped: 0,
  faulty: 0,
  errors_file: null,
  faults: [],
  warnings: [{ line: null, text: 'Leadferry started a new errors file.' }],
  types_created: ['visit'],
  columns_ignored: [],
};

/** A file whose time stands in a column that nobody can guess. */
function preview({ map }: ActivitiesRequest): ActivitiesPreview {
  const told = map.some(([, word]) => word === 'time');
  return {
    format: 'csv',
    sheet: null,
    sheets: [],
    header_row: 1,
    first_rows: [
      { number: 1, cells: ['E-mail', 'Stamp'] },
      { number: 2, cells: ['ann@example.com'] },
    ],
    warnings: [],
    columns: [
      { name: 'E-mail', holds: 'email', samples: ['ann@example.com'] },
      { name: 'Stamp', holds: told ? 'time' : null, samples: ['2026-01-31 10:00'] },
    ],
    trouble: told ? null : 'no column says when it was done',
    imported_before: false,
  };
}

/** Returns what the preview was asked last. */
function asked(calls: readonly { name: string; params: unknown }[]): unknown {
  return calls.filter(({ name }) => name === 'activities.preview').at(-1)?.params;
}

test('a column that was not recognised is told by hand, and then the file is brought in', async () => {
  const fake = fakeHost({
    'activities.types': [],
    'activities.waiting': { total: 0, activities: [] },
    'shell.pick_file': '/home/mia/visits.csv',
    'activities.preview': preview,
    'activities.import': outcome,
  });
  const { container } = await show(ActivitiesScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Choose file' }));
  expect((await screen.findByRole('alert')).textContent).toBe('No column says when it was done.');
  expect(screen.getByRole('button', { name: 'Import activities' })).toHaveProperty('disabled', true);
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('combobox', { name: 'Encoding' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Western European (MS-DOS)' }));
  await waitFor(() => expect(asked(fake.calls)).toMatchObject({ encoding: 'cp850', map: [] }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Header row' }));
  await userEvent.click(await screen.findByRole('option', { name: '2: ann@example.com' }));
  await waitFor(() => expect(asked(fake.calls)).toMatchObject({ header_row: 2 }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Stamp maps to' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Time' }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: 'Import activities' }));
  expect(await screen.findByText(/2 rows: 1 added, 1 waiting for a contact, 0 invalid/)).toBeTruthy();
  expect(screen.getByText('Leadferry started a new errors file.')).toBeTruthy();
  const sent = fake.calls.find(({ name }) => name === 'activities.import');
  expect(sent?.params).toMatchObject({ map: [['Stamp', 'time']], again: false });
});
