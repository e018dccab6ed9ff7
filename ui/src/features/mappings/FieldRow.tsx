/** One field in Salesforce: its source, when it is overwritten, what would be sent, and its state. */
import { Button, Menu } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconCheck,
  IconChevronDown,
  IconHelpCircle,
  IconLock,
  IconScissors,
} from '@tabler/icons-react';
import { Chip } from '../../components/Chip';
import { count, counted } from '../../components/numbers';
import { sentence } from '../../components/Trouble';
import type { GridRow, HostError, Overwrite, RowState, RowTrouble } from '../../ipc/bindings';
import type { Dialog } from './MappingDialogs';
import classes from './MappingGrid.module.css';
import { SourcePicker } from './SourcePicker';
import type { Mapping } from './useMapping';
import { ValueShown } from './ValueShown';

const OVERWRITE: Record<Overwrite, string> = {
  own: 'Always, defaults if empty',
  always: 'Always',
  if_empty: 'If empty',
  on_create: 'New records',
};

type Props = {
  row: GridRow;
  /** Values of contacts that don't go as they are. */
  trouble: RowTrouble | undefined;
  mapping: Mapping;
  text: string;
  error: HostError | null;
  /** What was typed to open the picker; null while it is closed. */
  search: string | null;
  onOpen: (search: string | null) => void;
  onDialog: (dialog: Dialog) => void;
  onConfirm: () => void;
  onClear: () => void;
};

export function FieldRow(props: Props) {
  const { row, error, trouble: values } = props;
  const trouble = error?.message ?? row.findings.find((finding) => finding.severity === 'error')?.message;
  const foreign = row.findings.find((finding) => finding.code === 'not_in_picklist');
  const type = (
    <>
      <span>{row.verified ? row.type_name : 'Added by name'}</span>{' '}
      <small className={row.verified ? '' : classes.look}>
        {[row.size, row.verified ? null : 'unverified'].filter(Boolean).join(', ')}
      </small>
    </>
  );
  return (
    <div role="row" aria-label={row.label} className={classes.row}>
      <span role="gridcell" className={classes.field}>
        <span className={classes.name}>
          {row.label}
          {row.required && (
            <span className={classes.star} title="Required">
              {' '}
              *<span className="visually-hidden"> required</span>
            </span>
          )}
        </span>
        <span className="mono">{row.target}</span>
        <span className={classes.narrowType}>{type}</span>
      </span>
      <span role="gridcell" className={classes.type}>
        {type}
      </span>
      <span role="gridcell" className={classes.filled}>
        <SourceCell {...props} />
        <MapMark {...props} />
      </span>
      <span role="gridcell">
        <OverwriteCell {...props} />
      </span>
      <span role="gridcell" className={classes.sends}>
        {trouble ? (
          <span className={classes.failText}>{sentence(trouble)}</span>
        ) : (
          <>
            <ValueShown sends={row.sends} />
            {foreign && <small className={classes.look}>{sentence(foreign.message)}</small>}
            {values && (
              <small className={classes.look}>
                {sentence(values.message)} {sentence(values.cure)}
              </small>
            )}
            {row.step && <small>from {row.step}</small>}
            {!row.source && row.restriction && <small>{row.restriction}</small>}
          </>
        )}
      </span>
      <span role="gridcell">
        <StateCell {...props} />
      </span>
    </div>
  );
}

function SourceCell({ row, mapping, text, search, onOpen, onDialog, onClear }: Props) {
  if (row.source?.kind === 'identifier') return <span className={classes.plain}>Identifier</span>;
  if (!row.source && row.state === 'not_writable') return <span className={classes.plain}>Read-only</span>;
  return (
    <SourcePicker
      row={row}
      name={mapping.name}
      text={text}
      sample={mapping.work.sample}
      search={search}
      onOpen={onOpen}
      onClear={onClear}
      onWrite={(kind) => onDialog({ kind, row })}
      onAddParent={(target) => onDialog({ kind: 'add', target })}
      onChoose={(choice, needsMap) => {
        const what = `${row.label} filled from ${choice.label}`;
        void mapping.edit([{ kind: 'rows', text: choice.row }], what, row.target).then(() => {
          if (needsMap) onDialog({ kind: 'values', row: { ...row, text: choice.row, values: [] } });
        });
      }}
    />
  );
}

/** Says that values are replaced on the way, and opens where. */
function MapMark({ row, onDialog }: Props) {
  if (row.values.length === 0) return null;
  return (
    <button type="button" className={classes.mapMark} onClick={() => onDialog({ kind: 'values', row })}>
      <IconArrowsExchange size={12} stroke={1.75} aria-hidden /> {counted(row.values.length, 'value')} mapped
    </button>
  );
}

function OverwriteCell({ row, mapping, onDialog }: Props) {
  if (!row.overwrite) return null;
  if (row.source?.kind === 'identifier')
    return <span className={classes.exception}>{OVERWRITE[row.overwrite]}</span>;
  const set = (overwrite: Overwrite) =>
    void mapping.edit(
      [{ kind: 'overwrite', target: row.target, overwrite }],
      `${row.label}: ${OVERWRITE[overwrite].toLowerCase()}`,
      row.target,
    );
  return (
    <Menu position="bottom-start" disabled={row.state === 'likely'}>
      <Menu.Target>
        <button
          type="button"
          className={`${classes.cell} ${row.overwrite === row.usual_overwrite ? '' : classes.exception}`}
          data-row={row.target}
          data-column="overwrite"
          aria-label={`Overwrite ${row.label}: ${OVERWRITE[row.overwrite]}`}
        >
          <span>{OVERWRITE[row.overwrite]}</span>
          <IconChevronDown size={14} stroke={1.75} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {rulesOf(row).map((rule) => (
          <Menu.Item
            key={rule}
            onClick={() => set(rule)}
            rightSection={row.overwrite === rule ? <IconCheck size={14} /> : null}
          >
            {OVERWRITE[rule]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {row.takes_map && <Menu.Item onClick={() => onDialog({ kind: 'values', row })}>Value map…</Menu.Item>}
        <Menu.Item onClick={() => onDialog({ kind: 'rules', row })}>More rules…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A source that never stands in for a missing value has no defaults to tell apart. */
function rulesOf({ usual_overwrite }: GridRow): Overwrite[] {
  const rules = Object.keys(OVERWRITE) as Overwrite[];
  return usual_overwrite === 'own' ? rules : rules.filter((rule) => rule !== 'own');
}

/** The states that come of the values: those of all contacts count more than those of the sample. */
const ofValues: ReadonlySet<RowState> = new Set([
  'mapped',
  'cut',
  'unverified',
  'needs_value_map',
  'no_value',
  'left_out',
  'refused',
]);

/** Some of these may be left out for another reason: only the plan counts who is blocked. */
const becomes = {
  blocked: 'not sent',
  left_out: 'left out',
  shortened: 'shortened',
  new_value: 'new',
} as const;

function StateCell({ row, trouble, onDialog, onConfirm }: Props) {
  const mapValues = (
    <button type="button" className={classes.link} onClick={() => onDialog({ kind: 'values', row })}>
      Map values
    </button>
  );
  if (trouble && ofValues.has(row.state)) {
    if (trouble.code === 'not_in_picklist' && row.takes_map) return mapValues;
    return (
      <Chip tone="look" icon={trouble.kind === 'shortened' ? IconScissors : IconAlertTriangle}>
        {count(trouble.contacts)} {trouble.code === 'required_missing' ? 'empty' : becomes[trouble.kind]}
      </Chip>
    );
  }
  switch (row.state) {
    case 'mapped':
      return (
        <Chip tone="done" bare icon={IconCheck}>
          <span className="visually-hidden">Mapped</span>
        </Chip>
      );
    case 'set_by_us':
      return (
        <Chip tone="idle" bare icon={IconLock}>
          <span className="visually-hidden">Set by Leadferry</span>
        </Chip>
      );
    case 'likely':
      return (
        <Button
          size="compact-xs"
          variant="light"
          rightSection={<IconCheck size={12} />}
          onClick={onConfirm}
          aria-label={`Confirm ${row.label}`}
        >
          Likely
        </Button>
      );
    case 'cut':
      return (
        <Chip tone="look" icon={IconScissors}>
          Shortened
        </Chip>
      );
    case 'unverified':
      return (
        <Chip tone="look" icon={IconHelpCircle}>
          Unverified
        </Chip>
      );
    case 'required_unmapped':
      return (
        <Chip tone="fail" icon={IconAlertTriangle}>
          Not mapped
        </Chip>
      );
    case 'gone':
      return (
        <Chip tone="fail" icon={IconAlertTriangle}>
          Not in the org
        </Chip>
      );
    case 'not_writable':
      return row.source ? (
        <Chip tone="fail" icon={IconLock}>
          Read-only
        </Chip>
      ) : (
        <span className={classes.quiet}>Read-only</span>
      );
    case 'needs_value_map':
      return mapValues;
    case 'no_value':
      return (
        <Chip tone="look" icon={IconAlertTriangle}>
          No value
        </Chip>
      );
    case 'left_out':
      return (
        <Chip tone="look" icon={IconAlertTriangle}>
          Left out
        </Chip>
      );
    case 'refused':
      return (
        <Chip tone="look" icon={IconAlertTriangle}>
          Blocked
        </Chip>
      );
    case 'faulty':
      return (
        <Chip tone="fail" icon={IconAlertTriangle}>
          Invalid
        </Chip>
      );
    case 'not_mapped':
      return <span className={classes.quiet}>Not mapped</span>;
  }
}
