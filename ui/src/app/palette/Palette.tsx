/** The command palette: every action, and every place to go. */
import { Kbd, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useActions } from '../../components/actions';
import { visible } from '../../components/visible';
import { isBeginning, isMatch } from './matching';
import classes from './Palette.module.css';
import { type Act, useActs } from './useActs';
import { usePlaces } from './usePlaces';

const [store, spotlight] = createSpotlight();
const TYPING_MS = 120;
/** Shown before anything is typed; the others are found by their names. */
const FIRST = 6;

export function Palette() {
  const [typed, setTyped] = useState('');
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  // What is found is decided here: names of contacts are found by the host.
  const found = useFound(typed, settled);
  useFirstSelected(found);
  return (
    <Spotlight.Root
      store={store}
      attributes={{ content: { 'aria-label': 'Search or jump to' } }}
      query={typed}
      onQueryChange={setTyped}
      clearQueryOnClose
      shortcut={['mod + K']}
      // Also for somebody who is typing somewhere.
      tagsToIgnore={[]}
      scrollable
      maxHeight={480}
      size={640}
    >
      <Spotlight.Search
        placeholder="Search or jump to…"
        aria-label="Search or jump to"
        classNames={{ input: classes.search }}
        leftSection={<IconSearch size={18} stroke={1.75} aria-hidden />}
        leftSectionWidth="2.75rem"
        onKeyDown={takeFirst}
      />
      <Spotlight.ActionsList>
        {found.map(({ group, actions }) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {actions.map(({ id, ...action }) => (
              <Spotlight.Action key={id} {...action} highlightQuery />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 && <Spotlight.Empty>No results</Spotlight.Empty>}
      </Spotlight.ActionsList>
      <Spotlight.Footer className={classes.foot}>
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> move
        </span>
        <span>
          <Kbd>Enter</Kbd> open
        </span>
        <span>
          <Kbd>Esc</Kbd> close
        </span>
      </Spotlight.Footer>
    </Spotlight.Root>
  );
}

/** Selects the first thing found, for the eye: what the host finds comes after Spotlight has selected something. */
function useFirstSelected(found: readonly SpotlightActionGroupData[]) {
  useEffect(() => {
    const isOpen = store.getState().opened && found.length > 0;
    if (!isOpen || document.querySelector('[data-action][data-selected]')) return;
    const first = document.querySelector('[data-action]');
    if (!first) return;
    first.setAttribute('data-selected', 'true');
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [found]);
}

/** Takes the first thing found on Enter where nothing is selected: what the host finds comes after the selection was made. */
function takeFirst({ key }: { key: string }) {
  // While it closes, it lists what it lists at first: a second Enter takes none of that.
  if (!store.getState().opened || key !== 'Enter' || document.querySelector('[data-action][data-selected]'))
    return;
  document.querySelector<HTMLElement>('[data-action]')?.click();
}

/** What the workspace has, and no control of the window. */
const LISTED = { 'data-listed': true };

function useFound(typed: string, settled: string): SpotlightActionGroupData[] {
  const offered = useActions();
  // What the open screen offers takes the place of the way to it.
  const ways = useActs().filter(({ id }) => !offered.some((act) => act.id === id));
  const acts: Act[] = [...offered, ...ways];
  const places = usePlaces(settled);
  const isBlank = typed.trim() === '';
  const found = isBlank ? acts.slice(0, FIRST) : acts.filter(({ label }) => isMatch(label, typed));
  // Who types a name means the thing, before what can be done with it.
  const [first, later] = [true, false].map((isFirst) =>
    found.filter(({ label, ofOne }) => (!ofOne || isBeginning(label, typed)) === isFirst),
  ) as [Act[], Act[]];
  const groups: SpotlightActionGroupData[] = [];
  if (first.length > 0) groups.push({ group: 'Actions', actions: first.map(shown) });
  for (const { group, places: some } of places) {
    groups.push({
      group,
      actions: some.map(({ id, label, description, icon: Icon, beside, go }) => ({
        id,
        label: visible(label),
        description: description ? visible(description) : undefined,
        leftSection: <Icon size={16} stroke={1.75} aria-hidden />,
        rightSection: beside,
        onClick: go,
        ...LISTED,
      })),
    });
  }
  if (later.length > 0) groups.push({ group: 'More actions', actions: later.map(shown) });
  return groups;
}

function shown({ id, label, hint, icon: Icon, act }: Act) {
  return {
    id,
    label: visible(label),
    leftSection: Icon && <Icon size={16} stroke={1.75} aria-hidden />,
    rightSection: hint ? <Kbd>{hint}</Kbd> : undefined,
    onClick: act,
  };
}

export function PaletteButton() {
  return (
    <UnstyledButton className={classes.button} onClick={spotlight.open}>
      <IconSearch size={14} stroke={1.75} aria-hidden />
      <span className={classes.text}>Search or jump to…</span>
      <Kbd className={classes.key}>Ctrl K</Kbd>
    </UnstyledButton>
  );
}
