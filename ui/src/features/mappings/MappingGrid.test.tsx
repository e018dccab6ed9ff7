// A fake host: answers that come late or are refused, and rows in a known order.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import type { MappingGrid as Grid, GridRow } from '../../ipc/bindings';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { choices, grid } from '../../testing/samples.mapping';
import { MappingGrid } from './MappingGrid';
import { forgetWork } from './useMapping';

beforeEach(forgetWork);

function host(shown: Grid = grid) {
  return fakeHost({
    'mappings.grid': shown,
    'mappings.try': ({ edits }) => ({ ...shown, text: `${shown.text}\n# ${JSON.stringify(edits)}` }),
    'mappings.save': null,
    'mappings.drift': [],
    'mappings.troubles': { looked_at: 0, more: false, rows: [] },
    'mappings.sources': choices,
    'replications.show': null as never,
  });
}

const changed = (target: string, part: Partial<GridRow>): Grid => ({
  ...grid,
  rows: grid.rows.map((row) => (row.target === target ? { ...row, ...part } : row)),
});

const source = (label: string) => screen.findByRole('button', { name: new RegExp(`^${label} filled from`) });
const Shown = () => <MappingGrid name="Leads" />;

test('required fields come first, with the value that this contact would send', async () => {
  host();
  const { container } = await show(Shown);
  const required = await screen.findByRole('rowgroup', { name: 'Required' });
  const row = within(required).getByRole('row', { name: 'Last Name' });
  expect(row.textContent).toContain('required');
  expect(screen.getByText(String(grid.sample?.name))).toBeTruthy();
  await expectAccessible(container);
});

test('what is cut is struck through, and counted above', async () => {
  const sends = { kind: 'value', kept: 'Lovel', cut: 'ace', form: 'text' } as const;
  host({ ...changed('LastName', { state: 'cut', sends }), counts: { ...grid.counts, cut: 1 } });
  const { container } = await show(Shown);
  await source('Last Name');
  expect(container.querySelector('del')?.textContent).toContain('ace');
  expect(screen.getByText('1 shortened')).toBeTruthy();
});

test('a row is judged by the values of all contacts, and offers the value map where the picklist lacks them', async () => {
  const fake = host();
  const trouble = { kind: 'left_out', contacts: 12, cure: 'map the value' } as const;
  fake.answer({
    'mappings.troubles': {
      looked_at: 100,
      more: false,
      rows: [
        { ...trouble, target: 'LastName', code: 'too_long', message: '12 contacts: it’s too long' },
        { ...trouble, target: 'FirstName', code: 'not_in_picklist', message: '12 contacts: “Radio”' },
      ],
    },
  });
  await show(Shown);
  expect(await screen.findByText('12 left out')).toBeTruthy();
  expect(screen.getByText('2 fields with values that don’t fit')).toBeTruthy();
  const row = screen.getByRole('row', { name: 'First Name' });
  expect(within(row).getByRole('button', { name: 'Map values' })).toBeTruthy();
});

test('a required field says how many contacts lack a value, and leaves counting the blocked to the plan', async () => {
  const fake = host();
  fake.answer({
    'mappings.troubles': {
      looked_at: 100,
      more: false,
      rows: [
        {
          target: 'LastName',
          kind: 'blocked',
          code: 'required_missing',
          contacts: 66,
          message: '66 contacts can’t be sent: there is no value',
          cure: 'fill in the field',
        },
      ],
    },
  });
  await show(Shown);
  expect(await screen.findByText('66 empty')).toBeTruthy();
  expect(screen.queryByText(/blocked/)).toBeNull();
});

test('arrows move between cells, and clearing a row saves at once', async () => {
  const fake = host();
  await show(Shown);
  (await source('Email')).focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(document.activeElement?.getAttribute('data-column')).toBe('overwrite');
  await userEvent.keyboard('{ArrowLeft}{ArrowUp}');
  const above = document.activeElement?.getAttribute('data-row');
  expect(above).toBe('FirstName');
  expect(screen.queryByRole('listbox')).toBeNull();
  await userEvent.keyboard('{Delete}');
  await waitFor(() => {
    const tried = fake.calls.find(({ name }) => name === 'mappings.try');
    expect(tried?.params).toMatchObject({ edits: [{ kind: 'remove', target: above }] });
  });
  await waitFor(() => expect(fake.calls.some(({ name }) => name === 'mappings.save')).toBe(true));
});

test('keys that follow at once lose nothing: both rows are cleared, then both are back', async () => {
  const fake = host();
  let text = grid.text;
  fake.answer({
    'mappings.grid': () => ({ ...grid, text }),
    'mappings.try': (params) => ({ ...grid, text: `${params.text}\n# ${JSON.stringify(params.edits)}` }),
    'mappings.save': (params) => {
      text = params.text;
      return null;
    },
  });
  await show(Shown);
  const user = userEvent.setup({ delay: null });
  (await source('Email')).focus();
  await user.keyboard('{Delete}{Delete}');
  await waitFor(() => expect(text.match(/"remove"/g)).toHaveLength(2));
  await user.keyboard('{Control>}zz{/Control}');
  await waitFor(() => expect(text).toBe(grid.text));
});

test('typing on a cell opens its sources with that letter searched for', async () => {
  host();
  await show(Shown);
  (await source('Last Name')).focus();
  await userEvent.keyboard('b');
  const search = (await screen
    .findByRole('searchbox', { name: 'Search sources for Last Name' })
    .catch(() => screen.findByRole('textbox', { name: 'Search sources for Last Name' }))) as HTMLInputElement;
  expect(search.value).toBe('b');
});

test('the sources begin at the one that the row has', async () => {
  host();
  await show(Shown);
  await userEvent.click(await source('Last Name'));
  const selected = () => document.querySelector('[data-combobox-selected]');
  await waitFor(() => expect(selected()?.textContent).toContain('Last name'));
});

test('a mapping that the engine refuses stays in sight, unsaved, with the way back', async () => {
  const fake = host();
  fake.answer({
    'mappings.save': () => {
      throw hostError({ message: 'another replication writes this field', hint: 'leave it to that one' });
    },
  });
  await show(Shown);
  (await source('Email')).focus();
  await userEvent.keyboard('{Delete}');
  expect(await screen.findByRole('button', { name: 'Discard changes' })).toBeTruthy();
  expect(screen.getAllByText('Another replication writes this field.')).not.toEqual([]);
});

test('a proposal waits for a yes: Enter confirms it', async () => {
  const fake = host(changed('Fax', { state: 'likely', group: 'mapped', text: 'fax=Fax' }));
  await show(Shown);
  (await source('Fax')).focus();
  await userEvent.keyboard('{Enter}');
  await waitFor(() => {
    const tried = fake.calls.find(({ name }) => name === 'mappings.try');
    expect(tried?.params).toMatchObject({ edits: [{ kind: 'rows', text: 'fax=Fax' }] });
  });
});

test('F8 leads to the next row that needs a look', async () => {
  const missing = changed('Company', { look: true, state: 'required_unmapped', source: null });
  host({ ...missing, counts: { ...grid.counts, missing: 1 } });
  await show(Shown);
  expect(await screen.findByText('1 required field isn’t mapped')).toBeTruthy();
  (await source('Email')).focus();
  await userEvent.keyboard('{F8}');
  expect(document.activeElement?.getAttribute('data-row')).toBe('Company');
});

test('a mapping that cannot be read says so', async () => {
  host().answer({
    'mappings.grid': () => {
      throw hostError({ message: 'the workspace cannot be read' });
    },
  });
  await show(Shown);
  expect(await screen.findByText('The workspace cannot be read.')).toBeTruthy();
});

test.each([
  [false, true],
  [true, false],
])('a row that blocks contacts without a value (%s) shows it, and can be changed', async (before, after) => {
  const fake = host(changed('Email', { always_required: before }));
  await show(Shown);
  await userEvent.click(await screen.findByRole('button', { name: /^Overwrite Email/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'More rules…' }));
  const block = (await screen.findByRole('checkbox', {
    name: 'Block contacts that have no value',
  })) as HTMLInputElement;
  expect(block.checked).toBe(before);
  await userEvent.click(block);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    const tried = fake.calls.find(({ name }) => name === 'mappings.try');
    expect(JSON.stringify(tried?.params)).toContain(
      JSON.stringify({ kind: 'required', target: 'Email', required: after }),
    );
  });
});

test('a value that Salesforce would refuse is left out, or blocks the contact', async () => {
  const fake = host();
  await show(Shown);
  await userEvent.click(await screen.findByRole('button', { name: /^Overwrite Email/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'More rules…' }));
  const rule = await screen.findByRole('combobox', { name: 'If Salesforce would refuse a value' });
  expect((rule as HTMLInputElement).value).toBe('Send the contact without it');
  await userEvent.click(rule);
  await userEvent.click(await screen.findByRole('option', { name: 'Block the contact' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => {
    const tried = fake.calls.find(({ name }) => name === 'mappings.try');
    expect(JSON.stringify(tried?.params)).toContain(
      JSON.stringify({ kind: 'refusal', target: 'Email', refusal: 'block' }),
    );
  });
});

test('a default value only fills what is empty, and the grid says so', async () => {
  const fake = host();
  await show(Shown);
  const company = await screen.findByRole('button', { name: 'Overwrite Company: Always, defaults if empty' });
  await userEvent.click(company);
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Always' }));
  await waitFor(() => {
    const tried = fake.calls.find(({ name }) => name === 'mappings.try');
    expect(tried?.params).toMatchObject({
      edits: [{ kind: 'overwrite', target: 'Company', overwrite: 'always' }],
    });
  });
});

test('for a field that the org requires, only updates are left to choose', async () => {
  host(changed('LastName', { always_required: false }));
  await show(Shown);
  await userEvent.click(await screen.findByRole('button', { name: /^Overwrite Last Name/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'More rules…' }));
  const block = (await screen.findByRole('checkbox', { name: /on updates too/ })) as HTMLInputElement;
  expect(block.checked).toBe(false);
  expect(screen.getByText(/Salesforce requires it/)).toBeTruthy();
});
