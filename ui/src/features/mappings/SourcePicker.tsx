/** Chooses the source of a field: what fits, by group, each with the value of the sample contact. */
import { Combobox, useCombobox } from '@mantine/core';
import {
  type Icon,
  IconBuilding,
  IconCheckbox,
  IconChevronDown,
  IconCloud,
  IconFilter,
  IconFingerprint,
  IconQuote,
  IconSparkles,
  IconTargetArrow,
  IconTemplate,
  IconUser,
} from '@tabler/icons-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { counted } from '../../components/numbers';
import { shownSent } from '../../components/written';
import type { Choice, Choices, GridRow, SourceKind } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './MappingGrid.module.css';

const ICONS: Record<SourceKind, Icon> = {
  contact: IconUser,
  account: IconBuilding,
  segment: IconFilter,
  consent: IconCheckbox,
  score: IconTargetArrow,
  salesforce: IconCloud,
  special: IconSparkles,
  constant: IconQuote,
  template: IconTemplate,
  identifier: IconFingerprint,
};

const GROUPS: readonly [SourceKind, string][] = [
  ['contact', 'Contact'],
  ['account', 'Account'],
  ['score', 'Score'],
  ['consent', 'Consent'],
  ['salesforce', 'Salesforce'],
  ['special', 'Special'],
  ['constant', 'Constant'],
];

type Props = {
  row: GridRow;
  name: string;
  text: string;
  sample: string | null;
  /** What was typed to open it; null while it is closed. */
  search: string | null;
  onOpen: (search: string | null) => void;
  onChoose: (choice: { row: string; label: string }, needsMap: boolean) => void;
  onWrite: (kind: 'constant' | 'template') => void;
  onAddParent: (target: string) => void;
  onClear: () => void;
};

export function SourcePicker(props: Props) {
  const { row, search, onOpen } = props;
  const combobox = useCombobox({
    opened: search !== null,
    onOpenedChange: (opened) => onOpen(opened ? '' : null),
  });
  const { source } = row;
  const Mark = source ? ICONS[source.kind] : null;
  const submit = (value: string) => {
    combobox.focusTarget();
    onOpen(null);
    act(value, props);
  };
  return (
    <Combobox
      store={combobox}
      width={288}
      position="bottom-start"
      withinPortal
      onOptionSubmit={submit}
      transitionProps={{ duration: 90 }}
    >
      {/* Arrows move through the grid while it is closed; open, its search field has them. */}
      <Combobox.Target targetType="button" withKeyboardNavigation={false}>
        <button
          type="button"
          className={`${classes.cell} ${row.state === 'required_unmapped' ? classes.missing : ''}`}
          data-row={row.target}
          data-column="source"
          aria-label={`${row.label} filled from: ${source ? [source.label, source.detail].filter(Boolean).join(' ') : 'nothing'}`}
          onClick={() => onOpen(search === null ? '' : null)}
        >
          {Mark && <Mark size={16} stroke={1.75} aria-hidden />}
          <span className={classes.sourceName}>{source ? source.label : 'Choose a source'}</span>{' '}
          {source?.detail && <span className={classes.detail}>{source.detail}</span>}
          <IconChevronDown size={14} stroke={1.75} aria-hidden className={classes.chevron} />
        </button>
      </Combobox.Target>
      <Combobox.Dropdown>
        {search !== null && <Open {...props} typed={search} onType={onOpen} combobox={combobox} />}
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Options are told by their row's text; what opens an editor by a word that no row can be. */
const WRITE_CONSTANT = 'write:constant';
const WRITE_TEMPLATE = 'write:template';
const CLEAR = 'write:clear';
const PARENT = 'write:parent:';

function act(value: string, { onWrite, onClear, onAddParent, onChoose }: Props) {
  if (value === WRITE_CONSTANT) onWrite('constant');
  else if (value === WRITE_TEMPLATE) onWrite('template');
  else if (value === CLEAR) onClear();
  else if (value.startsWith(PARENT)) onAddParent(`${value.slice(PARENT.length)}.`);
  else {
    const { row, label, needsMap } = JSON.parse(value) as { row: string; label: string; needsMap: boolean };
    onChoose({ row, label }, needsMap);
  }
}

/** Puts the focus into a field of a list that is shown a moment later: what isn't shown takes none. */
function useFocusOnceShown(field: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const timer = setInterval(() => {
      field.current?.focus();
      if (document.activeElement === field.current) clearInterval(timer);
    }, 20);
    return () => clearInterval(timer);
  }, [field]);
}

type OpenProps = Props & {
  typed: string;
  onType: (text: string) => void;
  combobox: ReturnType<typeof useCombobox>;
};

function Open({ row, name, text, sample, typed, onType, combobox }: OpenProps) {
  const [why, setWhy] = useState(false);
  const asked = useAsk('mappings.sources', { name, target: row.target, text, ...(sample ? { sample } : {}) });
  const found = asked.data ? matching(asked.data, typed) : [];
  const inOrder = GROUPS.flatMap(([kind]) => found.filter((choice) => choice.source.kind === kind));
  // The list changes with every letter: the first that fits is the one that Enter takes. Before that, it begins where the row
  // is now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const now = inOrder.findIndex((choice) => choice.source.text === row.source?.text);
    if (typed === '' && now > 0) combobox.selectOption(now);
    else combobox.selectFirstOption();
  }, [typed, asked.data]);
  const search = useRef<HTMLInputElement>(null);
  useFocusOnceShown(search);
  const group = (kind: SourceKind) => found.filter((choice) => choice.source.kind === kind);
  return (
    <>
      <Combobox.Search
        ref={search}
        value={typed}
        aria-label={`Search sources for ${row.label}`}
        placeholder="Search"
        onChange={(event) => onType(event.currentTarget.value)}
        rightSectionWidth={110}
        rightSection={
          asked.data && (
            <span className={classes.fits}>
              {found.length} fit {asked.data.type_name}
            </span>
          )
        }
      />
      <Combobox.Options mah={320} style={{ overflowY: 'auto' }} aria-label="Sources">
        {asked.isError && <Combobox.Empty>{asked.error.message}</Combobox.Empty>}
        {GROUPS.map(([kind, title]) => {
          const choices = group(kind);
          if (choices.length === 0) return null;
          return (
            <Combobox.Group key={kind} label={title}>
              {choices.map((choice) => (
                <Option key={choice.row} choice={choice} />
              ))}
            </Combobox.Group>
          );
        })}
        {asked.data?.takes_text && (
          <Combobox.Group label="Write">
            <Combobox.Option value={WRITE_CONSTANT}>
              {row.source?.kind === 'constant' ? 'Edit constant…' : 'Constant…'}
            </Combobox.Option>
            <Combobox.Option value={WRITE_TEMPLATE}>
              {row.source?.kind === 'template' ? 'Edit template…' : 'Template…'}
            </Combobox.Option>
            {asked.data.relationship && (
              <Combobox.Option value={`${PARENT}${asked.data.relationship}`}>
                Find the parent record by External ID…
              </Combobox.Option>
            )}
            {row.source && <Combobox.Option value={CLEAR}>Clear</Combobox.Option>}
          </Combobox.Group>
        )}
      </Combobox.Options>
      {asked.data && asked.data.misfits.length > 0 && (
        <Combobox.Footer>
          <div className={classes.misfits}>
            <span>{counted(asked.data.misfits.length, 'source')} can’t fill this type</span>
            <button type="button" className={classes.link} aria-expanded={why} onClick={() => setWhy(!why)}>
              {why ? 'Hide' : 'Show why'}
            </button>
          </div>
          {why && (
            <ul className={classes.reasons}>
              {asked.data.misfits.map((misfit) => (
                <li key={misfit.source.text}>
                  <strong>{misfit.source.label}</strong>: {misfit.cure}
                </li>
              ))}
            </ul>
          )}
        </Combobox.Footer>
      )}
    </>
  );
}

function Option({ choice }: { choice: Choice }) {
  const Mark = ICONS[choice.source.kind];
  const value = { row: choice.row, label: choice.source.label, needsMap: choice.needs_map };
  const timeZone = useAsk('workspaces.current', {}).data?.time_zone ?? 'UTC';
  const sample = choice.sample === null ? null : shownSent(choice.sample, choice.form, timeZone);
  const beside = [sample, choice.needs_map ? 'needs a value map' : null].filter(Boolean).join(' · ');
  return (
    <Combobox.Option value={JSON.stringify(value)} className={classes.option}>
      <Mark size={16} stroke={1.75} aria-hidden />
      <span className={classes.sourceName}>{choice.source.label}</span>
      {choice.source.detail && <span className={classes.detail}>{choice.source.detail}</span>}
      <span className={classes.beside}>{beside}</span>
    </Combobox.Option>
  );
}

/** Every word that was typed must begin a word of the label or stand in the name. */
function matching(choices: Choices, typed: string): Choice[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (choice: Choice) =>
    `${choice.source.label} ${choice.source.detail ?? ''} ${choice.source.text}`.toLowerCase();
  return choices.fitting.filter((choice) => words.every((word) => text(choice).includes(word)));
}
