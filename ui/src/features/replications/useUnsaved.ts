/** Tells the screen around a form whether something in it is changed and not saved. */
import { useEffect, useRef } from 'react';

export function useUnsaved(isUnsaved: boolean, tell: ((isUnsaved: boolean) => void) | undefined) {
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    latest.current?.(isUnsaved);
    return () => latest.current?.(false);
  }, [isUnsaved]);
}
