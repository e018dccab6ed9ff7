/** A moment: relative first, exact on hover and focus. */
import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { isMoment } from './locale';
import { ago, exactly } from './moments';

type Props = { at: number };

const EVERY_MS = 20_000;

export function Ago({ at }: Props) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Tooltip label={exactly(at)} events={{ hover: true, focus: true, touch: false }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the exact time is shown on focus, too. */}
      <time dateTime={isMoment(at) ? new Date(at).toISOString() : undefined} tabIndex={0}>
        {ago(at, now)}
      </time>
    </Tooltip>
  );
}
