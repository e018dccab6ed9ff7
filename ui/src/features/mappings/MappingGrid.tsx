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
import { type ClipboardEvent, type ReactNode, useRef, useState } from 'react';
import { count, counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { MappingGrid as Grid, GridRow } from '../../ipc/bindings';
import { asHostError, call } from '../../ipc/call';
import { useAsk } from '../../ipc/queries';
import { DriftBar } from './DriftBar';
import { FieldRow } from './FieldRow';
import { type Dialog, MappingDialogs } from './MappingDialogs';
import classes from './MappingGrid.module.css';
import { useGridKeys } from './useGridKeys';
import { type Mapping, useMapping } from './useMapping';

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
  const openSource = (target: string, search: string) => setOpen({ target, search });
  const keys = useGridKeys({ table, mapping, grid, troubles, all, isOpen: open !== null, openSource });

  const onPaste = (event: ClipboardEvent<HTMLElement>) => {
    if ((event.target as HTMLElement).closest('input, textarea')) return;
    const text = event.clipboardData.getData('text/plain');
    if (text.trim()) setDialog({ kind: 'paste', text });
  };
  const closeDialog = () => {
    if (dialog && 'row' in dialog) keys.goBackTo(dialog.row.target);
    setDialog(null);
  };

  return (
    <section
      className={classes.screen}
      data-grows
      aria-label="Mapping"
      onKeyDown={keys.onKeyDown}
      onPaste={onPaste}
      onPointerDown={() => keys.goBackTo(null)}
    >
      <DriftBar name={mapping.name} />
      <div className={classes.bar}>
        <Summary grid={grid} troubles={troubles.size} next={keys.next} />
        <Tools mapping={mapping} search={search} onSearch={setSearch} onDialog={setDialog} />
      </div>
      <div className={classes.scroll}>
        <div ref={table} role="grid" aria-label={`Fields of ${grid.object}`} className={classes.grid}>
          <Head mapping={mapping} grid={grid} />
          <Sections grid={grid} search={search} all={all}>
            {(row) => (
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
                onConfirm={() => keys.confirm(row)}
                onClear={() => keys.clear(row)}
              />
            )}
          </Sections>
        </div>
      </div>
      {work.draft && (
        <div className={classes.unsaved}>
          <Trouble error={work.draft.error} cure={{ label: 'Discard changes', act: mapping.discard }} />
        </div>
      )}
      <Foot grid={grid} said={work.said} all={all} onAll={setAll} />
      {dialog && <MappingDialogs dialog={dialog} mapping={mapping} text={grid.text} onClose={closeDialog} />}
    </section>
  );
}

type ToolsProps = {
  mapping: Mapping;
  search: string;
  onSearch: (search: string) => void;
  onDialog: (dialog: Dialog) => void;
};

function Tools({ mapping, search, onSearch, onDialog }: ToolsProps) {
  const { past, future } = mapping.work;
  return (
    <div className={classes.tools}>
      <TextInput
        size="xs"
        type="search"
        aria-label="Search fields"
        placeholder="Search fields"
        className={classes.search}
        leftSection={<IconSearch size={14} stroke={1.75} />}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
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
        onClick={() => onDialog({ kind: 'paste', text: '' })}
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
          <Menu.Item onClick={() => onDialog({ kind: 'text' })}>Show as text</Menu.Item>
          <Menu.Item onClick={() => onDialog({ kind: 'add', target: '' })}>Add field by name…</Menu.Item>
          <Menu.Item onClick={() => onDialog({ kind: 'description' })}>Description template…</Menu.Item>
          <Menu.Item disabled={past.length === 0} onClick={() => void mapping.undo()}>
            Undo
          </Menu.Item>
          <Menu.Item disabled={future.length === 0} onClick={() => void mapping.redo()}>
            Redo
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** The names of the columns, and the contact whose values are shown. */
function Head({ mapping, grid: { sample } }: { mapping: Mapping; grid: Grid }) {
  const walk = async (direction: 'next' | 'previous') => {
    if (!sample) return;
    try {
      const found = await call('mappings.samples', { name: mapping.name, after: sample.guid, direction });
      if (found) mapping.setSample(found.guid);
    } catch (thrown) {
      say(asHostError(thrown).message);
    }
  };
  return (
    <div role="row" className={`${classes.row} ${classes.head}`}>
      <span role="columnheader">Field in Salesforce</span>
      <span role="columnheader" className={classes.type}>
        Type
      </span>
      <span role="columnheader">Filled from</span>
      <span role="columnheader">Overwrite</span>
      <span role="columnheader" className={classes.sample}>
        {sample ? (
          <>
            <span>Would send for</span>
            <strong>{sample.name}</strong>
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
  );
}

type SectionsProps = { grid: Grid; search: string; all: boolean; children: (row: GridRow) => ReactNode };

/** The rows by group. A search looks at those that aren't mapped, too. */
function Sections({ grid: { rows, counts }, search, all, children }: SectionsProps) {
  const found = matching(rows, search);
  const isSearching = search.trim() !== '';
  const sections: { title: string; about: string; group: GridRow['group'] }[] = [
    {
      title: 'Required',
      about: `${counts.required_mapped} of ${counts.required} mapped`,
      group: 'required',
    },
    { title: 'Mapped', about: counted(counts.mapped, 'field'), group: 'mapped' },
  ];
  if (all || isSearching)
    sections.push({
      title: 'Not mapped',
      about: counted(unmappedIn(rows), 'field'),
      group: 'not_mapped',
    });
  return (
    <>
      {isSearching && found.length === 0 && (
        <div role="row" className={classes.group}>
          <span role="gridcell">No results</span>
        </div>
      )}
      {sections
        .map((section) => ({ ...section, rows: found.filter((row) => row.group === section.group) }))
        .filter((section) => !isSearching || section.rows.length > 0)
        .map((section) => (
          <div role="rowgroup" key={section.title} aria-label={section.title}>
            <div role="row" className={classes.group}>
              <span role="gridcell">
                <strong>{section.title}</strong>{' '}
                {isSearching ? `${count(section.rows.length)} found` : section.about}
              </span>
            </div>
            {section.rows.map(children)}
          </div>
        ))}
    </>
  );
}

type FootProps = { grid: Grid; said: string; all: boolean; onAll: (all: boolean) => void };

/** How many fields aren't mapped, what was done last, and the keys. */
function Foot({ grid, said, all, onAll }: FootProps) {
  return (
    <footer className={classes.foot}>
      <span>
        {all ? 'All' : `${count(unmappedIn(grid.rows))} more`} {grid.object} fields{' '}
        {all ? 'are shown' : 'aren’t mapped'}{' '}
        <button type="button" className={classes.link} aria-expanded={all} onClick={() => onAll(!all)}>
          {all ? 'Hide' : 'Show'}
        </button>
      </span>
      <span role="status" className={classes.said}>
        {said || (grid.saved ? 'Changes are saved automatically' : 'Not saved')}
      </span>
      <span className={classes.keys} aria-hidden>
        <Kbd>Enter</Kbd> choose source <Kbd>Tab</Kbd> next cell <Kbd>Del</Kbd> clear <Kbd>Ctrl Z</Kbd> undo
      </span>
    </footer>
  );
}

function unmappedIn(rows: readonly GridRow[]): number {
  return rows.filter((row) => row.group === 'not_mapped').length;
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
