/** Drags a rule or a group by its grip to another place; a line shows where it would go. */
import { type PointerEvent, useRef } from 'react';
import type { Path } from 'react-querybuilder';

/** This near to its edge a group gives way to the one around it. */
const EDGE_PX = 10;
/** Nearer to where it began than this a press is a click. */
const DRAG_PX = 5;

type Place = { path: Path; mark: HTMLElement; side: 'before' | 'after' | 'inside' };

export function useRuleDrag(onDrop: (from: Path, to: Path) => void) {
  const latest = useRef(onDrop);
  latest.current = onDrop;
  return (event: PointerEvent<HTMLElement>, from: Path) => {
    const frame = event.currentTarget.closest<HTMLElement>('[role="form"]');
    const part = event.currentTarget.closest<HTMLElement>('[data-path]');
    if (event.button !== 0 || !frame || !part) return;
    const { clientX, clientY } = event;
    const listening = new AbortController();
    const { signal } = listening;
    let place: Place | null = null;
    const point = (to: Place | null) => {
      if (place) delete place.mark.dataset.drop;
      place = to;
      if (place) place.mark.dataset.drop = place.side;
    };
    const move = (at: globalThis.PointerEvent) => {
      if (!place && Math.hypot(at.clientX - clientX, at.clientY - clientY) < DRAG_PX) return;
      part.dataset.dragged = 'true';
      point(placeAt(frame, at.clientX, at.clientY));
    };
    const end = (drops: boolean) => {
      listening.abort();
      const to = place?.path;
      point(null);
      delete part.dataset.dragged;
      if (drops && to) latest.current(from, to);
    };
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', () => end(true), { signal });
    window.addEventListener('pointercancel', () => end(false), { signal });
    window.addEventListener('keydown', ({ key }) => key === 'Escape' && end(false), { signal });
  };
}

/** Returns where something would go that is dropped here: before the first part of a group whose middle is below. */
function placeAt(frame: HTMLElement, x: number, y: number): Place | null {
  const group = groupAt(document.elementFromPoint(x, y), y);
  if (!group || !frame.contains(group)) return null;
  const path = pathOf(group);
  const parts = partsOf(group);
  const at = parts.findIndex((part) => y < middleOf(part));
  const before = parts[at];
  if (before) return { path: [...path, at], mark: before, side: 'before' };
  const last = parts.at(-1);
  const end = [...path, parts.length];
  return last ? { path: end, mark: last, side: 'after' } : { path: end, mark: group, side: 'inside' };
}

function groupAt(element: Element | null, y: number): HTMLElement | null {
  const group = element?.closest<HTMLElement>('[data-rule-group-id]') ?? null;
  const around = group?.parentElement?.closest<HTMLElement>('[data-rule-group-id]');
  if (!group || !around) return group;
  const { top, bottom } = group.getBoundingClientRect();
  return y < top + EDGE_PX || y > bottom - EDGE_PX ? around : group;
}

function partsOf(group: HTMLElement): HTMLElement[] {
  const depth = pathOf(group).length + 1;
  const parts = [...group.querySelectorAll<HTMLElement>('[data-path]')];
  return parts.filter((part) => pathOf(part).length === depth);
}

function pathOf(part: HTMLElement): number[] {
  return JSON.parse(part.dataset.path ?? '[]') as number[];
}

function middleOf(part: HTMLElement): number {
  const { top, height } = part.getBoundingClientRect();
  return top + height / 2;
}
