/**
 * Builds a tree of rules: groups of all, any or none, rules within them, all of it by keyboard.
 *
 * react-querybuilder keeps the tree and its paths; every control is ours.
 */
import { ActionIcon, Button, type OptionsFilter, SegmentedControl, Select } from '@mantine/core';
import { IconPlus, IconTrash, IconX } from '@tabler/icons-react';
import { createContext, type PointerEvent, useContext, useEffect, useMemo, useRef, useState } from 'react';
import {
  type ActionProps,
  type CombinatorSelectorProps,
  type Controls,
  type FieldSelectorProps,
  type FullField,
  type OperatorSelectorProps,
  type Path,
  QueryBuilder,
  type ShiftActionsProps,
} from 'react-querybuilder';
import { count } from '../../components/numbers';
import type { RuleTree } from '../../ipc/bindings';
import { dropped } from './arranging';
import { Grip } from './Grip';
import classes from './Rules.module.css';
import { type Subject, useSubjects, waysOf } from './subjects';
import { type Combinator, newRule, type Query, toQuery, toTree } from './tree';
import { type GroupCount, useGroupCounts } from './useGroupCounts';
import { useRuleDrag } from './useRuleDrag';
import { useRuleKeys } from './useRuleKeys';
import { firstValue, fittingValue, Value } from './Value';

type Props = {
  tree: RuleTree;
  onChange: (tree: RuleTree) => void;
  /** What the labels call the rules, such as `rule` or `rule 2`. */
  place: string;
  /** Whether groups say how many they hold: one builder on a screen can, since the next question ends the one before. */
  counts?: boolean;
};

type Known = {
  subjects: readonly Subject[];
  place: string;
  counts: ReadonlyMap<string, GroupCount>;
  onGrab: (event: PointerEvent<HTMLElement>, path: Path) => void;
};
const Shared = createContext<Known>({ subjects: [], place: 'rule', counts: new Map(), onGrab: () => {} });
const FIRST_FIELD = 'field:email';

export function RuleBuilder({ tree, onChange, place, counts: counted = false }: Props) {
  const subjects = useSubjects();
  const [query, setQuery] = useState<Query>(() => toQuery(tree));
  // What the parent holds, and the same as the builder writes it: only what differs from that is a change.
  const held = useRef(tree);
  const written = useRef(JSON.stringify(toTree(query)));
  if (held.current !== tree) {
    held.current = tree;
    const taken = toQuery(tree);
    const text = JSON.stringify(toTree(taken));
    if (text !== written.current) {
      written.current = text;
      setQuery(taken);
    }
  }
  const fields = useMemo(() => asFields(subjects), [subjects]);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The library's own frame is a landmark without a name; several may stand on one screen.
    frame.current?.querySelector('[role="form"]')?.setAttribute('aria-label', `Rules of ${place}`);
  });
  const counts = useGroupCounts(query, counted);
  const put = (next: Query) => {
    setQuery(next);
    const made = toTree(next);
    const text = JSON.stringify(made);
    if (text === written.current) return;
    written.current = text;
    held.current = made;
    onChange(made);
  };
  const newOne = () => newRule(FIRST_FIELD, waysOf(kindOf(subjects, FIRST_FIELD))[0]?.name ?? 'is_set');
  const onKeyDown = useRuleKeys({ frame, query, put, newRule: newOne });
  const onGrab = useRuleDrag((from, to) => put(dropped(query, from, to)));
  const shared = { subjects, place, counts, onGrab };
  if (subjects.length === 0) return null;
  return (
    <Shared.Provider value={shared}>
      <div className={classes.builder} ref={frame} onKeyDownCapture={onKeyDown}>
        <QueryBuilder
          fields={fields}
          query={query}
          onQueryChange={(changed) => put(fitted(changed as Query, subjects))}
          combinators={[
            { name: 'all', label: 'All' },
            { name: 'any', label: 'Any' },
            { name: 'none', label: 'None' },
          ]}
          getDefaultField={FIRST_FIELD}
          getOperators={(field) =>
            waysOf(kindOf(subjects, field)).map((way) => ({ ...way, value: way.name }))
          }
          getDefaultOperator={(field) => waysOf(kindOf(subjects, field))[0]?.name ?? 'is_set'}
          getDefaultValue={(rule) => firstValue(kindOf(subjects, rule.field), rule.operator)}
          resetOnOperatorChange={false}
          addRuleToNewGroups
          showShiftActions
          suppressStandardClassnames
          controlElements={controls}
          controlClassnames={{
            ruleGroup: classes.group,
            header: classes.header,
            body: classes.body,
            rule: classes.rule,
          }}
        />
      </div>
    </Shared.Provider>
  );
}

function kindOf(subjects: readonly Subject[], id: string): string {
  return subjects.find((subject) => subject.id === id)?.kind ?? 'text';
}

/** Returns rules without values that don't fit how they compare. */
function fitted(query: Query, subjects: readonly Subject[]): Query {
  const rules = query.rules.map((one) =>
    'rules' in one
      ? fitted(one as Query, subjects)
      : { ...one, value: fittingValue(kindOf(subjects, one.field), one.operator, one.value) },
  );
  return { ...query, rules };
}

function asFields(subjects: readonly Subject[]): FullField[] {
  return subjects.map(({ id, label }) => ({ name: id, value: id, label }));
}

/** Says where a rule or group stands, such as `rule 2.1`; the outermost group is the first. */
function usePlace(path: readonly number[]): string {
  const { place } = useContext(Shared);
  return path.length === 0 ? place : `${place} ${path.map((at) => at + 1).join('.')}`;
}

function FieldSelector({ value, handleOnChange, path }: FieldSelectorProps) {
  const place = usePlace(path);
  const { subjects } = useContext(Shared);
  const groups = [...new Set(subjects.map((subject) => subject.group))];
  const known = subjects.some((subject) => subject.id === value);
  const gone = { group: 'No longer available', items: [{ value: value ?? '', label: goneName(value) }] };
  const data = groups.map((group) => ({
    group,
    items: subjects
      .filter((subject) => subject.group === group)
      .map((subject) => ({ value: subject.id, label: subject.label })),
  }));
  return (
    <Select
      aria-label={`Field, ${place}`}
      className={classes.field}
      searchable
      allowDeselect={false}
      maxDropdownHeight={320}
      filter={byLabelOrGroup}
      data={known ? data : [gone, ...data]}
      value={value ?? null}
      onChange={(chosen) => chosen && handleOnChange(chosen)}
    />
  );
}

/** Finds fields by their label, and all fields of a group by its name. */
const byLabelOrGroup: OptionsFilter = ({ options, search, limit }) => {
  const sought = search.trim().toLowerCase();
  const fits = (label: string) => label.toLowerCase().includes(sought);
  const found: typeof options = [];
  for (const one of options) {
    if (!('group' in one)) {
      if (fits(one.label)) found.push(one);
      continue;
    }
    const items = fits(String(one.group)) ? one.items : one.items.filter(({ label }) => fits(label));
    if (items.length > 0) found.push({ ...one, items });
  }
  return found.slice(0, limit);
};

/** Returns the name in an id such as `segment:Customers`. */
function goneName(id = ''): string {
  return `${id.slice(id.indexOf(':') + 1)} (deleted)`;
}

function OperatorSelector({ value, handleOnChange, path, field }: OperatorSelectorProps) {
  const place = usePlace(path);
  const { subjects } = useContext(Shared);
  return (
    <Select
      aria-label={`Condition, ${place}`}
      className={classes.operator}
      allowDeselect={false}
      data={waysOf(kindOf(subjects, field)).map((way) => ({ value: way.name, label: way.label }))}
      value={value ?? null}
      onChange={(chosen) => chosen && handleOnChange(chosen)}
    />
  );
}

function CombinatorSelector({ value, handleOnChange, path }: CombinatorSelectorProps) {
  const place = usePlace(path);
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={path.length === 0 ? 'Group' : `Group, ${place}`}
        data={[
          { value: 'all', label: 'All' },
          { value: 'any', label: 'Any' },
          { value: 'none', label: 'None' },
        ]}
        value={(value ?? 'all') as Combinator}
        onChange={handleOnChange}
      />
      <span className={classes.words}>of these are true</span>
      <GroupCounted path={path} />
    </>
  );
}

/** How many contacts a group matches by itself. */
function GroupCounted({ path }: { path: readonly number[] }) {
  const { counts } = useContext(Shared);
  const counted = counts.get(path.join('.'));
  if (!counted || counted.contacts === null) return null;
  return (
    <span className={`${classes.counted} num`}>
      {count(counted.contacts)}
      {counted.out && ' left out'}
    </span>
  );
}

function AddRule({ handleOnClick, path }: ActionProps) {
  const place = usePlace(path);
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={14} stroke={1.75} />}
      aria-label={path.length === 0 ? 'Rule' : `Rule in group, ${place}`}
      onClick={handleOnClick}
    >
      Rule
    </Button>
  );
}

function AddGroup({ handleOnClick, path }: ActionProps) {
  const place = usePlace(path);
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={14} stroke={1.75} />}
      aria-label={path.length === 0 ? 'Group of rules' : `Group in group, ${place}`}
      onClick={handleOnClick}
    >
      Group
    </Button>
  );
}

function RemoveRule({ handleOnClick, path }: ActionProps) {
  return (
    <ActionIcon className={classes.remove} aria-label={`Remove ${usePlace(path)}`} onClick={handleOnClick}>
      <IconX size={16} stroke={1.75} />
    </ActionIcon>
  );
}

function RemoveGroup({ handleOnClick, path }: ActionProps) {
  return (
    <ActionIcon aria-label={`Remove the group, ${usePlace(path)}`} onClick={handleOnClick}>
      <IconTrash size={16} stroke={1.75} />
    </ActionIcon>
  );
}

function ShiftActions({ shiftUp, shiftDown, shiftUpDisabled, shiftDownDisabled, path }: ShiftActionsProps) {
  const place = usePlace(path);
  const { onGrab } = useContext(Shared);
  if (path.length === 0) return null;
  return (
    <Grip
      place={place}
      onGrab={(event) => onGrab(event, path)}
      up={shiftUpDisabled ? undefined : shiftUp}
      down={shiftDownDisabled ? undefined : shiftDown}
    />
  );
}

function ValueEditor({
  field,
  operator,
  value,
  handleOnChange,
  path,
}: {
  field: string;
  operator: string;
  value?: unknown;
  handleOnChange: (value: unknown) => void;
  path: readonly number[];
}) {
  const place = usePlace(path);
  const { subjects } = useContext(Shared);
  return (
    <Value
      field={field}
      kind={kindOf(subjects, field)}
      operator={operator}
      value={value}
      onChange={handleOnChange}
      place={place}
    />
  );
}

const controls: Partial<Controls<FullField, string>> = {
  fieldSelector: FieldSelector,
  operatorSelector: OperatorSelector,
  combinatorSelector: CombinatorSelector,
  addRuleAction: AddRule,
  addGroupAction: AddGroup,
  removeRuleAction: RemoveRule,
  removeGroupAction: RemoveGroup,
  shiftActions: ShiftActions,
  valueEditor: ValueEditor as Controls<FullField, string>['valueEditor'],
};
