// A fake host: times and counts that the texts depend on.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { ReplicationInfo } from '../../ipc/bindings';
import { fakeHost, hostError } from '../../testing/fakeHost';
import { show } from '../../testing/render';
import { replication } from '../../testing/samples.replications';
import { SettingsTab } from './SettingsTab';
import { WhoTab } from './WhoTab';

const NEXT = Date.UTC(2026, 10, 30, 8, 0);

function host(more: Parameters<typeof fakeHost>[0] = {}) {
  return fakeHost({
    'connections.list': [],
    'scores.list': [{ name: 'Engagement' }] as never,
    'segments.list': [{ name: 'Customers' }] as never,
    'mappings.grid': { rows: [] } as never,
    'replications.partner': { partner: null, contacts_segment: null, possible: [] },
    'replications.set': replication,
    'replications.would_select': { selected: 42, contacts: 1000, not_sent: 3 },
    'replications.next_run': { at: NEXT, time_zone: 'Europe/Berlin' },
    ...more,
  });
}

function settings(part: Partial<ReplicationInfo['settings']> = {}, more: Partial<ReplicationInfo> = {}) {
  const one = { ...replication, ...more, settings: { ...replication.settings, ...part } };
  return () => <SettingsTab replication={one} />;
}

test('settings of leads are not shown for contacts, nor a late alert without a schedule', async () => {
  host();
  await show(settings({}, { object: 'Contact' }));
  expect(await screen.findByRole('switch', { name: 'Create new records' })).toBeTruthy();
  expect(screen.queryByRole('textbox', { name: 'Default company' })).toBeNull();
  expect(screen.queryByRole('switch', { name: 'Assignment rules' })).toBeNull();
  expect(screen.queryByRole('switch', { name: 'Alert: A scheduled run is late' })).toBeNull();
  expect(screen.queryByText('Next run')).toBeNull();
  expect(screen.queryByRole('switch', { name: 'Hold unusually large runs' })).toBeNull();
});

test('whether a lead needs a default company is for the org to say', async () => {
  host();
  await show(settings());
  await userEvent.clear(await screen.findByRole('textbox', { name: 'Default company' }));
  expect(screen.getByText(/only if your org doesn’t require one/)).toBeTruthy();
  expect((screen.getByRole('button', { name: 'Save settings' }) as HTMLButtonElement).disabled).toBe(false);
});

test('a schedule says its time zone and its next run before it is saved', async () => {
  const fake = host();
  await show(settings({ schedule: 'at 08:00' }));
  expect(await screen.findByText('Time zone: Europe/Berlin.')).toBeTruthy();
  expect(screen.getByText('Next run')).toBeTruthy();
  await userEvent.type(screen.getByRole('textbox', { name: 'Times of the day' }), ', 13:30');
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.next_run',
      params: { name: 'Leads', schedule: 'at 08:00, 13:30' },
    }),
  );
});

test('times that cannot be read are told at the field', async () => {
  host({
    'replications.next_run': () => {
      throw hostError({ code: 'usage', message: '"at noon" isn\'t a schedule.' });
    },
  });
  await show(settings({ schedule: 'at noon' }));
  expect(await screen.findByText('Use times such as 08:00, 13:30.')).toBeTruthy();
});

test('a disabled replication has no next run', async () => {
  host();
  await show(settings({ schedule: 'every 15 minutes' }, { enabled: false }));
  expect(await screen.findByText('None. This replication is disabled.')).toBeTruthy();
});

test('what raises an alert is switched one by one', async () => {
  const fake = host();
  await show(settings({ schedule: 'on change' }));
  await userEvent.click(await screen.findByRole('switch', { name: 'Alert: A run sent contacts' }));
  await userEvent.click(screen.getByRole('switch', { name: 'Alert: A scheduled run is late' }));
  await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.set',
      params: {
        name: 'Leads',
        settings: { alerts: ['finished', 'partly_failed', 'failed', 'sign_in_lost', 'api_low'] },
      },
    }),
  );
});

test('unusually large runs are held only where a schedule starts them', async () => {
  const fake = host();
  await show(settings({ schedule: 'every 15 minutes' }));
  await userEvent.click(await screen.findByRole('switch', { name: 'Hold unusually large runs' }));
  expect(screen.queryByRole('textbox', { name: 'Times the usual number of contacts' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({
      name: 'replications.set',
      params: { name: 'Leads', settings: { brake_times: 0 } },
    }),
  );
});

test('where there are no segments yet, the way to make one stands in their place', async () => {
  host({ 'segments.list': [] });
  await show(() => <WhoTab replication={replication} onUnsaved={() => {}} />);
  expect(await screen.findByRole('link', { name: 'Create a segment' })).toBeTruthy();
  expect(screen.queryByRole('textbox', { name: 'In all of' })).toBeNull();
});
