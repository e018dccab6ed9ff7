// A fake host whose org is asked: that a call was made is a change of the workspace like any other.
import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { fakeHost, hostError } from '../testing/fakeHost';
import { call, type Name, type Params } from './call';
import { listenToHost } from './events';
import { newQueryClient } from './queries';

test('what costs API calls isn’t asked again because asking has changed something', async () => {
  const page = { object: 'Lead', columns: [], records: [], next: null, names: {} };
  const fake = fakeHost({
    'mirror.org_objects': () => {
      fake.tell({ kind: 'changed' });
      return { connection: 'Acme', objects: [], calls: 2 };
    },
    'mirror.profile': () => {
      fake.tell({ kind: 'changed' });
      throw hostError({ message: 'Salesforce refused' });
    },
    'mirror.list': { ...page, mirrored: true, calls: 0 },
    'pulls.list': { pulls: [] },
  });
  const client = newQueryClient();
  await listenToHost(client);
  const ask = <N extends Name>(name: N, params: Params<N>) =>
    new QueryObserver(client, { queryKey: [name, params], queryFn: () => call(name, params) }).subscribe(
      () => {},
    );
  const asked = (name: Name) => fake.calls.filter((one) => one.name === name).length;
  const stops = [
    ask('pulls.list', {}),
    ask('mirror.org_objects', {}),
    ask('mirror.profile', { object: 'Lead' }),
    ask('mirror.list', { object: 'Lead' }),
  ];
  await vi.waitFor(() => expect(asked('pulls.list')).toBe(2));
  expect(asked('mirror.list'), 'the mirror costs nothing').toBe(2);
  expect(asked('mirror.org_objects')).toBe(1);
  expect(asked('mirror.profile')).toBe(1);
  for (const stop of stops) stop();
});
