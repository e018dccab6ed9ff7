import { expect, test } from 'vitest';
import { openApp } from '../testing/app';
import { REPLICATION, realHost } from '../testing/realHost';
import { all, find, press, until } from '../testing/user';

test('whoever closes the window during a run keeps it running, stops it, or stays', async () => {
  const host = await realHost('planned');
  await host.call('practice.add_fault', { name: 'slow', times: 1000 } as never);
  const run = host.call('replications.run', { name: REPLICATION } as never).catch(() => {});
  await openApp();
  const dialog = 'Work is still in progress';
  const close = async () => {
    await until(() => expect(all('button', `Cancel: Run: ${REPLICATION}`)).toHaveLength(1));
    host.tell({ kind: 'closing' });
    expect((await find('dialog', dialog)).textContent).toContain(REPLICATION);
  };
  for (const way of ['Cancel', 'Close']) {
    await close();
    await press(way, dialog);
    await until(() => expect(all('dialog', dialog)).toEqual([]));
  }
  expect((await host.desktop()).closed).toEqual([]);
  await close();
  await press('Keep running', dialog);
  await until(async () => expect((await host.desktop()).closed).toEqual([true]));
  await close();
  await press('Stop and close', dialog);
  await until(async () => expect((await host.desktop()).closed).toEqual([true, false]));

  // The status bar stops it as well.
  await press(`Cancel: Run: ${REPLICATION}`);
  await run;
  const [last] = await host.call('runs.list', { limit: 1 });
  expect(last?.state).toBe('cancelled');
});
