import { expect, test } from 'vitest';
import { checkedPairs, cssVariables, theme } from './theme';

/** Relative luminance as WCAG 2.2 defines it, of #rrggbb. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

test.each(['light', 'dark'] as const)('every pair of colours that meets can be read (%s)', (scheme) => {
  const colors: Record<string, string> = cssVariables(theme as never)[scheme];
  const faults = checkedPairs
    .map(([text, on, least]) => ({ text, on, least, has: contrast(colors[text] ?? '', colors[on] ?? '') }))
    .filter(({ has, least }) => !(has >= least));
  expect(faults).toEqual([]);
});
