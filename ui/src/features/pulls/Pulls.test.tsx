// A fake host: pulls in states that take long to reach, and an org that isn't asked.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import type { PullDetails, PullRun, RecordsListed } from '../../ipc/bindings';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { acme } from '../../testing/samples.search';
import { MoveDialog } from './MoveDialog';
import { NewPullScreen } from './NewPullScreen';
import { ObjectsCard } from './ObjectsCard';
import { PullsScreen } from './PullsScreen';
import { RecordTable } from './RecordTable';
import { ScheduleCard } from './ScheduleCard';
import { SchemaCard } from './SchemaCard';

const run: PullRun = {
  id: 1,
  state: 'interrupted',
  reason: null,
  calls: 3,
  started_at: Date.now() - 60_000,
  ended_at: Date.now() - 30_000,
  objects: [],
};

const people: PullDetails = {
  name: 'People',
  connection: 'Acme',
  enabled: true,
  settings: { schedule: 'manual', api_reserve: 0, alerts: ['failed'], late_after: 30 },
  next_run_at: null,
  objects: [
    {
      object: 'Lead',
      label: 'Lead',
      fields: null,
      filter: null,
      columns: 28,
      records: 1200,
      under_way: true,
    },
    {
      object: 'Contact',
      label: 'Contact',
      fields: null,
      filter: null,
      columns: 37,
      records: 34,
      under_way: false,
    },
  ],
  runs: [run],
};

test('the pulls are listed with their records and last run', async () => {
  fakeHost({ 'pulls.list': { pulls: [people] } });
  const { container } = await show(PullsScreen);
  expect(await screen.findByRole('link', { name: 'People' })).toBeTruthy();
  expect(screen.getByText('1,234')).toBeTruthy();
  expect(screen.getByText(/Interrupted/)).toBeTruthy();
  expect(screen.getByText('Manually')).toBeTruthy();
  await expectAccessible(container);
});

test('without a pull the screen says what one is for', async () => {
  fakeHost({ 'pulls.list': { pulls: [] } });
  await show(PullsScreen);
  expect(await screen.findByRole('heading', { name: 'No pulls yet' })).toBeTruthy();
});

const sample: RecordsListed = {
  object: 'Lead',
  mirrored: false,
  columns: [
    { name: 'Name', label: 'Full Name', kind: 'text' },
    { name: 'Size', label: 'Employees', kind: 'whole' },
    { name: 'IsConverted', label: 'Converted', kind: 'yes_no' },
  ],
  records: [
    {
      id: '00Q000000000001AAA',
      identity: '00Q000000000001AAA@00D.Salesforce',
      state: 'live',
      winner: null,
      values: ['Ada Lovelace', 1200, false],
    },
  ],
  next: null,
  calls: 2,
  names: {},
};

test('a new pull is made step by step, and other pulls keep their objects', async () => {
  const objects = [
    { object: 'Lead', label: 'Lead', custom: false, usual: true, records: 1200, pull: null },
    { object: 'Contact', label: 'Contact', custom: false, usual: true, records: 34, pull: 'Others' },
    { object: 'Visit__c', label: 'Visit', custom: true, usual: false, records: null, pull: null },
  ];
  let draft: unknown = null;
  const fake = fakeHost({
    'connections.list': [acme],
    'mirror.org_objects': { connection: 'Acme', objects, calls: 2 },
    'mirror.list': sample,
    'pulls.add': people,
    'pulls.show': people,
    'pulls.run': { pull: 'People', objects: [], calls: 3, state: 'finished', reason: null },
    'pulls.next_run': { at: null, time_zone: 'UTC' },
    'inbound.show': { pull: 'People', connection: 'Acme', objects: [], places: [] },
    'shell.preference': () => draft as never,
    'shell.set_preference': ({ value }) => {
      draft = value;
      return null;
    },
  });
  const { router } = await show(NewPullScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Continue' }));
  expect((await screen.findByRole<HTMLInputElement>('checkbox', { name: 'Contact' })).disabled).toBe(true);
  await userEvent.click(screen.getByRole('checkbox', { name: 'Lead' }));
  await userEvent.type(screen.getByRole('searchbox', { name: 'Find an object' }), 'visit');
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Visit' }));
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByText('Ada Lovelace')).toBeTruthy();
  expect(screen.getByText('A sample from Salesforce, which used 2 API calls.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  await userEvent.type(await screen.findByRole('textbox', { name: 'Name of the pull' }), 'People');
  await userEvent.click(screen.getByRole('button', { name: 'Create pull' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'pulls.add',
      params: { name: 'People', connection: 'Acme', objects: [{ object: 'Lead' }, { object: 'Visit__c' }] },
    }),
  );
  expect(await screen.findByText(/Nothing to map here/)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(await screen.findByRole('region', { name: 'Schedule and alerts' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Continue' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Run now' }));
  await waitFor(() => expect(router.state.location.pathname).toBe('/pulls/People'));
});

test('a schedule is set with its alerts', async () => {
  const fake = fakeHost({
    'pulls.next_run': { at: Date.now() + 60_000, time_zone: 'Europe/Berlin' },
    'pulls.set': people,
  });
  const { container } = await show(() => <ScheduleCard pull={people} />);
  await userEvent.click(await screen.findByRole('combobox', { name: 'Runs' }));
  await userEvent.click(await screen.findByRole('option', { name: 'At times of the day' }));
  await userEvent.clear(screen.getByRole('textbox', { name: 'Times of the day' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Times of the day' }), '07:00, 19:00');
  expect(await screen.findByText(/Time zone: Europe\/Berlin/)).toBeTruthy();
  await userEvent.click(screen.getByRole('checkbox', { name: 'A scheduled run is late' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'pulls.set',
      params: {
        name: 'People',
        settings: {
          schedule: 'at 07:00, 19:00',
          api_reserve: 0,
          alerts: ['failed', 'late'],
          late_after: 30,
          enabled: true,
        },
      },
    }),
  );
  await expectAccessible(container);
});

test('values show as people read them', async () => {
  fakeHost({});
  await show(() => <RecordTable listed={sample} />);
  expect(await screen.findByText('1,200')).toBeTruthy();
  expect(screen.getByText('No')).toBeTruthy();
});

test('records that ids point to are named', async () => {
  const id = '701000000000001AAA';
  const column = { name: 'CampaignId', label: 'Campaign', kind: 'text' as const };
  const record = {
    id: '00v000000000001AAA',
    identity: '',
    state: 'live' as const,
    winner: null,
    values: [id],
  };
  const listed = { ...sample, columns: [column], records: [record], names: { [id]: 'Spring' } };
  fakeHost({});
  await show(() => <RecordTable listed={listed} />);
  expect((await screen.findByText('Spring', { exact: false })).textContent).toBe(`Spring ${id}`);
});

test('a pull reads from another connection once that was confirmed', async () => {
  const moved = { pull: 'People', from: 'Acme', to: 'Refreshed', same_org: false, kept: 1234 };
  const fake = fakeHost({ 'pulls.move': moved });
  const onClose = vi.fn();
  const { container } = await show(() => (
    <MoveDialog pull={people} others={['Other', 'Refreshed']} onClose={onClose} />
  ));
  expect(await screen.findByText(/Records that were read from Acme stay/)).toBeTruthy();
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await userEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(onClose).toHaveBeenCalledTimes(2);
  expect(fake.calls).toEqual([]);
  await userEvent.click(screen.getByRole('combobox', { name: 'Read from' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Refreshed' }));
  await userEvent.click(screen.getByRole('button', { name: 'Change connection' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'pulls.move',
      params: { name: 'People', connection: 'Refreshed' },
    }),
  );
});

test('a schema is made for what is ticked', async () => {
  const object = {
    label: 'Lead',
    applied: false,
    steps: [{ kind: 'new_table' as const, field: null, detail: '28' }],
    fields: [],
    identity: '',
    relations: {},
    unknown: [],
    error: null,
  };
  const fake = fakeHost({
    'pulls.schema': {
      pull: 'People',
      org_id: '00D',
      calls: 2,
      objects: [
        { ...object, object: 'Lead' },
        { ...object, object: 'Contact' },
      ],
    },
  });
  const { container } = await show(() => <SchemaCard pull="People" />);
  await userEvent.click(await screen.findByRole('button', { name: 'Review schema' }));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Contact' }));
  await userEvent.click(screen.getByRole('button', { name: 'Generate schema' }));
  expect(fake.calls.at(-1)?.params).toEqual({ pull: 'People', apply: true, objects: ['Lead'] });
  await expectAccessible(container);
});

test('an org that doesn’t answer is told where its objects would stand', async () => {
  const fake = fakeHost({
    'connections.list': [acme],
    'shell.preference': null,
    'shell.set_preference': null,
  });
  fake.answer({
    'mirror.org_objects': () => {
      throw hostError({ message: 'Salesforce couldn’t be reached', hint: 'check your network' });
    },
  });
  await show(NewPullScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Continue' }));
  expect(await screen.findByText('Salesforce couldn’t be reached.')).toBeTruthy();
});

test('fields and records of an object are chosen, and objects are added and removed', async () => {
  const fake = fakeHost({
    'pulls.fields': {
      object: 'Lead',
      fields: [
        { name: 'Email', label: 'Email', usual: true },
        { name: 'Rating', label: 'Rating', usual: false },
      ],
      conditions: [],
      calls: 0,
    },
    'mirror.org_objects': {
      connection: 'Acme',
      objects: [
        { object: 'Visit__c', label: 'Visit', custom: true, usual: false, records: null, pull: null },
      ],
      calls: 2,
    },
    'pulls.set': people,
  });
  const { container } = await show(() => <ObjectsCard pull={people} />);
  await userEvent.click(await screen.findByRole('button', { name: 'Change fields and records of Lead' }));
  await userEvent.click(await screen.findByRole('radio', { name: /Selected fields/ }));
  await userEvent.click(screen.getByRole('combobox', { name: 'Fields' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Rating (Rating)' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  const set = async (params: object) =>
    waitFor(() => expect(fake.calls).toContainEqual({ name: 'pulls.set', params }));
  await set({ name: 'People', objects: [{ object: 'Lead', fields: ['Email', 'Rating'] }] });
  await userEvent.click(await screen.findByRole('button', { name: 'Stop reading Contact' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Stop reading' }));
  await set({ name: 'People', without: ['Contact'] });
  await userEvent.click(await screen.findByRole('button', { name: 'Add object' }));
  await userEvent.click(await screen.findByRole('combobox', { name: 'Object' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Visit (Visit__c)' }));
  await userEvent.click(screen.getAllByRole('button', { name: 'Add object' }).at(-1) as HTMLElement);
  await set({ name: 'People', objects: [{ object: 'Visit__c' }] });
  await expectAccessible(container);
});
