/** The whole window, as the app shows it. */
import { RouterProvider } from '@tanstack/react-router';
import { type RenderResult, render } from '@testing-library/react';
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
  return rendered;
}
