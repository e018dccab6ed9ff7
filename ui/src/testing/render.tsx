/** Shows components as the app does: theme, answers, routes. */
import {
  type AnyRouter,
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router';
import { type RenderResult, render } from '@testing-library/react';
import axe from 'axe-core';
import type { ReactNode } from 'react';
import { expect } from 'vitest';
import { Providers } from '../app/Providers';
import { newQueryClient } from '../ipc/queries';

type Shown = RenderResult & { router: AnyRouter };

/** Renders a component at an address; links lead nowhere, but the address changes. */
export async function show(component: () => ReactNode, address = '/'): Promise<Shown> {
  const rootRoute = createRootRoute({ component });
  const nowhere = createRoute({ getParentRoute: () => rootRoute, path: '$' });
  const router = createRouter({
    routeTree: rootRoute.addChildren([nowhere, createRoute({ getParentRoute: () => rootRoute, path: '/' })]),
    history: createMemoryHistory({ initialEntries: [address] }),
    defaultPendingMinMs: 0,
  });
  await router.load();
  const rendered = render(
    <Providers client={newQueryClient()} env="test">
      <RouterProvider router={router} />
    </Providers>,
  );
  return { ...rendered, router };
}

/** Fails with what axe finds; contrast needs a real browser and is looked at in the window tests. */
export async function expectAccessible(container: Element): Promise<void> {
  const found = await axe.run(container, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  expect(found.violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
}
