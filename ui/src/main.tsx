import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { readAppearance } from './app/appearance';
import { showHiddenLetters } from './app/hiddenLetters';
import { Providers } from './app/Providers';
import { newRouter } from './app/router';
import { listenToHost } from './ipc/events';
import { newQueryClient } from './ipc/queries';

async function start(root: HTMLElement): Promise<void> {
  if (import.meta.env.DEV && !('__TAURI_INTERNALS__' in window)) {
    (await import('./testing/demo')).serveDemo();
  }
  showHiddenLetters(document.body);
  const client = newQueryClient();
  await readAppearance().catch(() => {});
  createRoot(root).render(
    <StrictMode>
      <Providers client={client}>
        <RouterProvider router={newRouter()} />
      </Providers>
    </StrictMode>,
  );
  await listenToHost(client);
}

const root = document.getElementById('root');
if (root) void start(root);
