/** The size of all text, from the menu, the keys and the palette; kept for the next start. */
import { useEffect, useMemo } from 'react';
import { usePreference } from '../ipc/preferences';
import { setTextSize } from './appearance';

const SIZES = [80, 90, 100, 110, 125, 150, 175, 200] as const;
const USUAL = 100;

export function useZoom() {
  const [size, keep] = usePreference<number>('text_size', USUAL);
  useEffect(() => setTextSize(size), [size]);
  return useMemo(
    () => ({
      zoomIn: () => keep(SIZES.find((one) => one > size) ?? size),
      zoomOut: () => keep(SIZES.findLast((one) => one < size) ?? size),
      reset: () => keep(USUAL),
    }),
    [size, keep],
  );
}

/** Zooms by the keys that browsers have for it. */
export function useZoomKeys(): void {
  const { zoomIn, zoomOut, reset } = useZoom();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const act = { '+': zoomIn, '=': zoomIn, '-': zoomOut, '0': reset }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [zoomIn, zoomOut, reset]);
}
