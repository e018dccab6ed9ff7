// A fake host: a workspace from elsewhere with everything that a review warns of.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { WorkspaceInfo, WorkspaceReview } from '../ipc/bindings';
import { useDo } from '../ipc/queries';
import { answers } from '../testing/demo.app';
import { fakeHost, hostError } from '../testing/fakeHost';
import { expectAccessible, show } from '../testing/render';
import { ReviewWorkspace } from './ReviewWorkspace';

const workspace = { ...(answers['workspaces.current'] as WorkspaceInfo), approved: false };

const review: WorkspaceReview = {
  path: workspace.path,
  name: workspace.name,
  approved: false,
  origin: { kind: 'unknown' },
  contacts: 1204,
  connections: [
    {
      name: 'Live',
      flow: 'browser',
      host: 'https://evil.example',
      org_name: 'Acme',
      org_id: '00D000000000001AAA',
      username: 'mia@acme.example',
    },
  ],
  replications: [
    { name: 'Leads', object: 'Lead', connection: 'Live', schedule: 'on change', selected: 40, waiting: 3 },
  ],
  open_batches: 1,
  unfinished_erases: 0,
  digest: 'abc',
};

function host() {
  return fakeHost({
    'workspaces.current': workspace,
    'workspaces.review': review,
    'workspaces.approve': { ...review, approved: true },
  });
}

test('a workspace that is not approved shows what it could do before anything else', async () => {
  const fake = host();
  const { baseElement } = await show(ReviewWorkspace);
  expect(await screen.findByText('https://evil.example')).toBeTruthy();
  expect(screen.getByText('On change')).toBeTruthy();
  expect(screen.getByText('1,204 contacts, 1 unanswered batch')).toBeTruthy();
  await expectAccessible(baseElement);
  await userEvent.click(screen.getByRole('button', { name: 'Approve workspace' }));
  await waitFor(() =>
    expect(fake.calls).toContainEqual({ name: 'workspaces.approve', params: { digest: 'abc' } }),
  );
});

test('the review can be left, and opened again from the bar', async () => {
  host();
  await show(ReviewWorkspace);
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: 'Review workspace' }));
  expect(await screen.findByRole('dialog', { name: 'Review this workspace' })).toBeTruthy();
});

test('an act that needs approval asks for it, and is done once it is given', async () => {
  const fake = host();
  let approved = false;
  fake.answer({
    'workspaces.approve': () => {
      approved = true;
      return { ...review, approved };
    },
    'connections.test': () => {
      if (!approved) throw hostError({ code: 'unapproved', message: 'Not approved.' });
      return {} as never;
    },
  });
  await show(() => (
    <>
      <ReviewWorkspace />
      <Test />
    </>
  ));
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await userEvent.click(screen.getByRole('button', { name: 'Test' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Approve workspace' }));
  expect(await screen.findByText('tested')).toBeTruthy();
});

function Test() {
  const test = useDo('connections.test');
  return (
    <>
      <button type="button" onClick={() => test.mutate({ name: 'Live' })}>
        Test
      </button>
      {test.isSuccess && 'tested'}
    </>
  );
}
