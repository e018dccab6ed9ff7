/** The layout of columns, kept for each object; while something is dragged only the window knows. */
import { useState } from 'react';
import type { OrgObject } from '../../ipc/bindings';
import { usePreference } from '../../ipc/preferences';
import { type Layout, UNTOUCHED } from './layout';

type Kept = Partial<Record<OrgObject, Layout>>;

export function useLayout(object: OrgObject) {
  const [kept, keep] = usePreference<Kept>('search_layout', {});
  const [draft, setDraft] = useState<Layout | null>(null);
  return {
    layout: draft ?? kept[object] ?? UNTOUCHED,
    /** Shows a layout without keeping it yet. */
    sketch: setDraft,
    keep: (layout: Layout) => {
      setDraft(null);
      keep({ ...kept, [object]: layout });
    },
  };
}

export type Layouting = ReturnType<typeof useLayout>;
