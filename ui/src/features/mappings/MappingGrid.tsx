/** The mapping of a replication: one row for each field in Salesforce, its source, and what would be sent. */
import { ActionIcon, Button, Kbd, Menu, TextInput } from '@mantine/core';
import {
  IconAlertTriangle,
  IconChevronLeft,
  IconChevronRight,
  IconClipboard,
  IconDots,
  IconSearch,
  IconWand,
} from '@tabler/icons-react';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { MappingGrid as Grid, GridRow } from '../../ipc/bindings';
import { asHostError, call } from '../../ipc/call';
import { useAsk } from '../../ipc/queries';
import { AddFieldDialog } from './AddFieldDialog';
import { DescriptionDialog } from './DescriptionDialog';
import { DriftBar } from './DriftBar';
import { FieldRow } from './FieldRow';
import classes from './MappingGrid.module.css';
import { PasteDialog } from './PasteDialog';
import { RowDialog, type RowDialogKind } from './RowDialog';
import { TextDialog } from './TextDialog';
import { type Mapping, useMapping, without } from './useMapping';

export type Dialog =
  | { kind: 'paste'; text: string }
  | { kind: 'text' }
  | { kind: 'description' }
  | { kind: 'add'; target: string }
  | { kind: RowDialogKind; row: GridRow };

export function MappingGrid({ name }: { name: string }) {
  const mapping = useMapping(name);
  const { grid } = mapping;
  if (grid.isError) return <Trouble error={grid.error} retry={() => void grid.refetch()} />;
  if (!grid.data) return <Rows height="row-2" count={12} />;
  return <Shown mapping={mapping} grid={grid.data} />;
}

function Shown({ mapping, grid }: { mapping: Mapping; grid: Grid }) {
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [open, setOpen] = useState<{ target: string; search: string } | null>(null);
  const [all, setAll] = useState(false);
  const [search, setSearch] = useState('');
  const table = useRef<HTMLDivElement>(null);
  const { work } = mapping;
  // Asked for apart, and late: the grid doesn't wait for the values of thousands of contacts.
  const values = useAsk('mappings.troubles', { name: mapping.name, text: grid.text }, { keep: true });
  const troubles = new Map(values.data?.rows.map((row) => [row.target, row]));

  const focus = (target: string, column = 'source') => {
    const selector = `[data-row="${CSS.escape(target)}"][data-column="${column}"]`;
    table.current?.querySelector<HTMLElement>(selector)?.focus();
  };
  // A row's dialog is opened from a list that is gone when it closes, and what it saves may put the row into another group.
  const backTo = useRef<string | null>(null);
  useEffect(() => {
    if (backTo.current && document.activeElement === document.body) focus(backTo.current);
  });
  const clear = (row: GridRow) => {
    if (row.state === 'likely') mapping.setLikely(without(work.likely, row.text));
    else if (row.text) {
      // The row leaves its group, and may leave the picture: whoever clears goes on at its neighbour, and at once, so
      // that no key that follows is lost.
      const shown = grid.rows.filter((one) => one.group !== 'not_mapped' || all);
      const at = shown.indexOf(row);
      const neighbour = shown[at + 1] ?? shown[at - 1];
      if (neighbour && row.group === 'mapped') focus(neighbour.target);
      void mapping.edit([{ kind: 'remove', target: row.target }], `${row.label} cleared`, null);
    }
  };
  const confirm = (row: GridRow) => {
    if (!row.text) return;
    const left = without(work.likely, row.text);
    void mapping.edit([{ kind: 'rows', text: row.text }], `${row.label} confirmed`, row.target, left);
  };
  const next = () => {
    const here = document.activeElement?.getAttribute('data-row');
    const at = grid.rows.findIndex((row) => row.target === here);
    const looks = grid.rows.filter((row) => row.look || troubles.has(row.target));
    const after = looks.find((row) => grid.rows.indexOf(row) > at) ?? looks[0];
    if (after) focus(after.target);
  };
  const move = (event: KeyboardEvent<HTMLElement>, from: HTMLElement, by: number) => {
    const column = from.dataset.column;
    const cells = [...(table.current?.querySelectorAll<HTMLElement>(`[data-column="${column}"]`) ?? [])];
    cells[cells.indexOf(from) + by]?.focus();
    event.preventDefault();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const key = event.key;
    if (key === 'F8') {
      event.preventDefault();
      next();
      return;
    }
    const from = event.target as HTMLElement;
    if (from.closest('input, textarea')) return;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'z') {
      event.preventDefault();
      void (event.shiftKey ? mapping.redo() : mapping.undo());
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || open) return;
    const row = grid.rows.find((one) => one.target === from.dataset.row);
    if (!row) return;
    if (key === 'ArrowDown' || key === 'ArrowUp') move(event, from, key === 'ArrowDown' ? 1 : -1);
    else if (key === 'ArrowRight' || key === 'ArrowLeft') {
      const side = from.dataset.column === 'source' ? 'overwrite' : 'source';
      if ((key === 'ArrowRight') === (side === 'overwrite')) focus(row.target, side);
    } else if (key === 'Delete' || key === 'Backspace') clear(row);
    else if (from.dataset.column === 'source' && key === 'Enter' && row.state === 'likely') {
      event.preventDefault();
      confirm(row);
    } else if (from.dataset.column === 'source' && key.length === 1 && key !== ' ') {
      event.preventDefault();
      setOpen({ target: row.target, search: key });
    }
  };
  const onPaste = (event: ClipboardEvent<HTMLElement>) => {
    if ((event.target as HTMLElement).closest('input, textarea')) return;
    const text = event.clipboardData.getData('text/plain');
    if (text.trim()) setDialog({ kind: 'paste', text });
  };
  const walk = async (direction: 'next' | 'previous') => {
    if (!grid.sample) return;
    try {
      const found = await call('mappings.samples', {
        name: mapping.name,
        after: grid.sample.guid,
        direction,
      });
      if (found) mapping.setSample(found.guid);
    } catch (thrown) {
      say(asHostError(thrown).message);
    }
  };

  const found = matching(grid.rows, search);
  const isSearching = search.trim() !== '';
  const sections: { title: string; about: string; rows: GridRow[] }[] = [
    {
      title: 'Required',
      about: `${grid.counts.required_mapped} of ${grid.counts.required} mapped`,
      rows: found.filter((row) => row.group === 'required'),
    },
    {
      title: 'Mapped',
      about: counted(grid.counts.mapped, 'field'),
      rows: found.filter((row) => row.group === 'mapped'),
    },
  ];
  const unmapped = grid.rows.filter((row) => row.group === 'not_mapped');
  if (all || isSearching)
    sections.push({
      title: 'Not mapped',
      about: counted(unmapped.length, 'field'),
      rows: found.filter((row) => row.group === 'not_mapped'),
    });

  return (
    <section
      className={classes.screen}
      aria-label="Mapping"
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      onPointerDown={() => {
        backTo.current = null;
      }}
    >
      <DriftBar name={mapping.name} />
      <div className={classes.bar}>
        <Summary grid={grid} troubles={troubles.size} next={next} />
        <div className={classes.tools}>
          <TextInput
            size="xs"
            type="search"
            aria-label="Search fields"
            placeholder="Search fields"
            className={classes.search}
            leftSection={<IconSearch size={14} stroke={1.75} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconWand size={14} />}
            onClick={() => void mapping.autoMatch()}
          >
            Auto-match
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconClipboard size={14} />}
            onClick={() => setDialog({ kind: 'paste', text: '' })}
          >
            Paste
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon aria-label="More about this mapping">
                <IconDots size={16} stroke={1.75} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDialog({ kind: 'text' })}>Show as text</Menu.Item>
              <Menu.Item onClick={() => setDialog({ kind: 'add', target: '' })}>Add field by name…</Menu.Item>
              <Menu.Item onClick={() => setDialog({ kind: 'description' })}>Description template…</Menu.Item>
              <Menu.Item disabled={work.past.length === 0} onClick={() => void mapping.undo()}>
                Undo
              </Menu.Item>
              <Menu.Item disabled={work.future.length === 0} onClick={() => void mapping.redo()}>
                Redo
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      </div>
      <div className={classes.scroll}>
        <div ref={table} role="grid" aria-label={`Fields of ${grid.object}`} className={classes.grid}>
          <div role="row" className={`${classes.row} ${classes.head}`}>
            <span role="columnheader">Field in Salesforce</span>
            <span role="columnheader" className={classes.type}>
              Type
            </span>
            <span role="columnheader">Filled from</span>
            <span role="columnheader">Overwrite</span>
            <span role="columnheader" className={classes.sample}>
              {grid.sample ? (
                <>
                  <span>Would send for</span>
                  <strong>{grid.sample.name}</strong>
                  <ActionIcon size={24} aria-label="Previous contact" onClick={() => void walk('previous')}>
                    <IconChevronLeft size={14} />
                  </ActionIcon>
                  <ActionIcon size={24} aria-label="Next contact" onClick={() => void walk('next')}>
                    <IconChevronRight size={14} />
                  </ActionIcon>
                </>
              ) : (
                'Would send'
              )}
            </span>
            <span role="columnheader">State</span>
          </div>
          {isSearching && found.length === 0 && (
            <div role="row" className={classes.group}>
              <span role="gridcell">No results</span>
            </div>
          )}
          {sections
            .filter(({ rows }) => !isSearching || rows.length > 0)
            .map((section) => (
              <div role="rowgroup" key={section.title} aria-label={section.title}>
                <div role="row" className={classes.group}>
                  <span role="gridcell">
                    <strong>{section.title}</strong>{' '}
                    {isSearching ? `${count(section.rows.length)} found` : section.about}
                  </span>
                </div>
                {section.rows.map((row) => (
                  <FieldRow
                    key={row.target}
                    row={row}
                    trouble={troubles.get(row.target)}
                    mapping={mapping}
                    text={grid.text}
                    error={work.draft?.target === row.target ? work.draft.error : null}
                    search={open?.target === row.target ? open.search : null}
                    onOpen={(search) => setOpen(search === null ? null : { target: row.target, search })}
                    onDialog={setDialog}
                    onConfirm={() => confirm(row)}
                    onClear={() => clear(row)}
                  />
                ))}
              </div>
            ))}
        </div>
      </div>
      {work.draft && (
        <div className={classes.unsaved}>
          <Trouble error={work.draft.error} cure={{ label: 'Discard changes', act: mapping.discard }} />
        </div>
      )}
      <footer className={classes.foot}>
        <span>
          {all ? 'All' : `${count(unmapped.length)} more`} {grid.object} fields{' '}
          {all ? 'are shown' : 'aren’t mapped'}{' '}
          <button type="button" className={classes.link} aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Hide' : 'Show'}
          </button>
        </span>
        <span role="status" className={classes.said}>
          {work.said || (grid.saved ? 'Changes are saved automatically' : 'Not saved')}
        </span>
        <span className={classes.keys} aria-hidden>
          <Kbd>Enter</Kbd> choose source <Kbd>Tab</Kbd> next cell <Kbd>Del</Kbd> clear <Kbd>Ctrl Z</Kbd> undo
        </span>
      </footer>
      {dialog?.kind === 'paste' && (
        <PasteDialog
          mapping={mapping}
          text={grid.text}
          pasted={dialog.text}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog?.kind === 'text' && (
        <TextDialog name={mapping.name} text={grid.text} onClose={() => setDialog(null)} />
      )}
      {dialog?.kind === 'description' && (
        <DescriptionDialog name={mapping.name} sample={work.sample} onClose={() => setDialog(null)} />
      )}
      {dialog?.kind === 'add' && (
        <AddFieldDialog
          mapping={mapping}
          text={grid.text}
          start={dialog.target}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog && 'row' in dialog && (
        <RowDialog
          kind={dialog.kind}
          row={dialog.row}
          text={grid.text}
          mapping={mapping}
          onClose={() => {
            backTo.current = dialog.row.target;
            setDialog(null);
          }}
        />
      )}
    </section>
  );
}

/** Returns the rows of whose field or source every word that was typed is a part. */
function matching(rows: readonly GridRow[], typed: string): readonly GridRow[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ label, target, source }: GridRow) =>
    `${label} ${target} ${source?.label ?? ''} ${source?.detail ?? ''}`.toLowerCase();
  return words.length === 0 ? rows : rows.filter((row) => words.every((word) => text(row).includes(word)));
}

/** What needs attention, counted, and the key that leads there. */
function Summary({ grid, troubles, next }: { grid: Grid; troubles: number; next: () => void }) {
  const { missing, likely, cut, unverified, faults } = grid.counts;
  const looks = missing + likely + cut + unverified + faults + troubles > 0;
  return (
    <div className={classes.summary}>
      {missing > 0 ? (
        <span className={classes.fail}>
          <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
          {missing === 1 ? '1 required field isn’t mapped' : `${missing} required fields aren’t mapped`}
        </span>
      ) : (
        <span>Every required field is mapped</span>
      )}
      {looks && (
        <Button size="xs" variant="default" onClick={next} rightSection={<Kbd>F8</Kbd>}>
          Next
        </Button>
      )}
      {faults > 0 && <span className={classes.failText}>{counted(faults, 'problem')}</span>}
      {troubles > 0 && (
        <span className={classes.look}>{counted(troubles, 'field')} with values that don’t fit</span>
      )}
      {likely > 0 && <span className={classes.accent}>{likely} likely</span>}
      {cut > 0 && <span className={classes.look}>{cut} shortened</span>}
      {unverified > 0 && <span className={classes.look}>{unverified} unverified</span>}
    </div>
  );
}
