/** The whole window, as the app shows it. */
import { RouterProvider } from '@tanstack/react-router';
import { type RenderResult, render, waitFor } from '@testing-library/react';
import { expect } from 'vitest';
import { Providers } from '../app/Providers';
import { newRouter } from '../app/router';
import { listenToHost } from '../ipc/events';
import { newQueryClient } from '../ipc/queries';

/** Opens the window at an address, such as `/contacts`, on the host that is in place. */
export async function openApp(address = '/'): Promise<RenderResult> {
  window.location.hash = `#${address}`;
  const client = newQueryClient();
  const router = newRouter();
  await router.load();
  const rendered = render(
    <Providers client={client} env="test">
      <RouterProvider router={router} />
    </Providers>,
  );
  await listenToHost(client);
  // Everything is asked for anew when a workspace opens: what is shown before that goes away once more.
  await waitFor(() => expect(client.isFetching()).toBe(0), { timeout: 15_000 });
  return rendered;
}
