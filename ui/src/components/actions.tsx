/** Acts that the command palette offers: the app's own, and those of the screen that is open. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

export type Action = {
  /** Unique among all. */
  id: string;
  /** A verb and its object. */
  label: string;
  /** Shown beside it, such as a shortcut. */
  hint?: string;
  act: () => void;
};

type Registry = { actions: readonly Action[]; offer: (actions: readonly Action[]) => () => void };

const Context = createContext<Registry>({ actions: [], offer: () => () => {} });

export function ActionsProvider({ children }: { children: ReactNode }) {
  const [offers, setOffers] = useState<readonly (readonly Action[])[]>([]);
  const registry = useMemo<Registry>(
    () => ({
      actions: offers.flat(),
      offer: (actions) => {
        setOffers((before) => [...before, actions]);
        return () => setOffers((before) => before.filter((offer) => offer !== actions));
      },
    }),
    [offers],
  );
  return <Context value={registry}>{children}</Context>;
}

/** Returns everything that is offered now. */
export function useActions(): readonly Action[] {
  return useContext(Context).actions;
}

/** Offers acts while the component is there; `actions` must be stable. */
export function useOffer(actions: readonly Action[]): void {
  const { offer } = useContext(Context);
  // `offer` is new whenever anything is offered; only the acts themselves count.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => offer(actions), [actions]);
}
