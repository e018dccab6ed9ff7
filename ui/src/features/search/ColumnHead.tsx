/** The head of a column: sorts, can be dragged to another place, and made wider; all of it by keyboard, too. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { SearchColumn, SearchSort } from '../../ipc/bindings';
import { LEAST_WIDTH, MOST_WIDTH, moved, resized, widthOf } from './layout';
import classes from './Search.module.css';
import type { Layouting } from './useLayout';

/** Nearer to where it began than this a press is a click. */
const DRAG_PX = 5;
const STEP_PX = 16;

type Props = {
  column: SearchColumn;
  /** All columns, as they are shown. */
  names: readonly string[];
  layouting: Layouting;
  sort: SearchSort | undefined;
  onSort: (field: string) => void;
};

export function ColumnHead({ column, names, layouting, sort, onSort }: Props) {
  const { name, label, form, sortable } = column;
  const drag = useDrag(name, names, layouting);
  const direction = sort?.descending ? 'descending' : 'ascending';
  const sorted = sort?.field === name ? direction : undefined;
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    layouting.keep(moved(layouting.layout, names, name, names.indexOf(name) + by));
  };
  return (
    <th
      scope="col"
      aria-sort={sorted}
      data-column={name}
      className={`${form === 'number' ? classes.number : ''} ${drag.isDragging ? classes.dragging : ''}`}
      onPointerDown={drag.begin}
    >
      <button
        type="button"
        className={classes.sort}
        title="Drag to move, or press Alt and an arrow key"
        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight"
        onKeyDown={step}
        onClick={() => sortable && !drag.hasDragged() && onSort(name)}
      >
        {label}
        {sorted && <span aria-hidden>{sorted === 'descending' ? ' ↓' : ' ↑'}</span>}
      </button>
      <WidthHandle column={column} layouting={layouting} />
    </th>
  );
}

/**
 * Moves a column over those that the pointer passes.
 *
 * The window listens while it lasts: the head is taken to another place, and an element that is moved loses the pointer.
 */
function useDrag(name: string, names: readonly string[], layouting: Layouting) {
  const latest = useRef({ names, layouting });
  latest.current = { names, layouting };
  const dragged = useRef(false);
  const [isDragging, setIsDragging] = useState(false);
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    const [head, from] = [event.currentTarget, event.clientX];
    const listening = new AbortController();
    const { signal } = listening;
    dragged.current = false;
    const move = ({ clientX }: globalThis.PointerEvent) => {
      if (!dragged.current && Math.abs(clientX - from) < DRAG_PX) return;
      dragged.current = true;
      setIsDragging(true);
      const { names, layouting } = latest.current;
      const to = placeAt(head, clientX);
      if (to !== names.indexOf(name)) layouting.sketch(moved(layouting.layout, names, name, to));
    };
    const end = () => {
      listening.abort();
      setIsDragging(false);
      const { layouting } = latest.current;
      if (dragged.current) layouting.keep(layouting.layout);
    };
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerup', end, { signal });
    window.addEventListener('pointercancel', end, { signal });
  };
  return { begin, isDragging, hasDragged: () => dragged.current };
}

/** Returns the place of a column whose head is held at a point: behind the columns whose middle is further left. */
function placeAt(head: HTMLElement, x: number): number {
  const heads = head.parentElement?.querySelectorAll<HTMLElement>('[data-column]') ?? [];
  const others = [...heads].filter((other) => other !== head);
  return others.filter((other) => {
    const { left, width } = other.getBoundingClientRect();
    return left + width / 2 < x;
  }).length;
}

function WidthHandle({ column, layouting }: { column: SearchColumn; layouting: Layouting }) {
  const { layout, sketch, keep } = layouting;
  const width = widthOf(column, layout);
  const begun = useRef<{ x: number; width: number } | null>(null);
  const at = (event: PointerEvent) => {
    if (!begun.current) return layout;
    return resized(layout, column.name, begun.current.width + event.clientX - begun.current.x);
  };
  return (
    <span
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${column.label}`}
      aria-valuenow={width}
      aria-valuemin={LEAST_WIDTH}
      aria-valuemax={MOST_WIDTH}
      className={classes.handle}
      onPointerDown={(event) => {
        // The column is not moved.
        event.stopPropagation();
        event.currentTarget.setPointerCapture?.(event.pointerId);
        begun.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => begun.current && sketch(at(event))}
      onPointerUp={(event) => {
        if (begun.current) keep(at(event));
        begun.current = null;
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        keep(resized(layout, column.name, width + by));
      }}
    />
  );
}
