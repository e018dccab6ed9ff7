/** What was typed into invalid rows. It stays until its row is imported; a row that fails again says why. */
import { useState } from 'react';
import { count, counted } from '../../components/numbers';
import { say } from '../../components/undo';
import type { Fault, ImportOutcome } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

type Cells = readonly string[];

export function useFixes(id: number) {
  const mend = useDo('imports.mend');
  const [typed, setTyped] = useState<ReadonlyMap<number, Cells>>(new Map());
  const [failed, setFailed] = useState<ReadonlyMap<number, Fault>>(new Map());
  const take = (outcome: ImportOutcome) => {
    const still = new Map(outcome.faults.map((fault) => [fault.line, fault]));
    // Of more faults than are listed nobody knows which rows they are.
    const all = outcome.faults.length < outcome.faulty;
    setTyped(new Map([...typed].filter(([line]) => all || still.has(line))));
    setFailed(still);
    say(broughtIn(outcome));
    for (const { line, text } of outcome.warnings) if (line === null) say(text);
  };
  return {
    /** How many rows were changed. */
    count: typed.size,
    cellsOf: (row: Fault): Cells => typed.get(row.line) ?? row.cells ?? [],
    /** The row with what is wrong with it now. */
    withReason: (row: Fault): Fault => {
      const now = failed.get(row.line);
      return now ? { ...row, column: now.column, reason: now.reason } : row;
    },
    hasFailed: (row: Fault) => failed.has(row.line),
    type: (line: number, cells: Cells) => setTyped(new Map(typed).set(line, cells)),
    importAll: () => {
      const rows = [...typed].map(([line, cells]) => ({ line, cells: [...cells] }));
      mend.mutate({ import: id, rows }, { onSuccess: take });
    },
    busy: mend.isPending,
    error: mend.error,
  };
}

function broughtIn({ created, updated, unchanged, faulty }: ImportOutcome): string {
  const imported = created + updated + unchanged;
  const still = `${counted(faulty, 'row is', 'rows are')} still invalid.`;
  if (imported === 0) return still;
  return `${count(imported)} ${imported === 1 ? 'row' : 'rows'} imported.${faulty > 0 ? ` ${still}` : ''}`;
}
