/** The command palette: every screen and every action. */
import { Kbd, UnstyledButton } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useActions } from '../components/actions';
import classes from './Palette.module.css';
import { rest, work } from './screens';

export function Palette() {
  const navigate = useNavigate();
  const offered = useActions();
  const screens = [...work, ...rest].map(({ name, to, key, icon: Icon }) => ({
    id: to,
    label: name,
    leftSection: <Icon size={16} stroke={1.75} aria-hidden />,
    rightSection: <Kbd>{`G ${key.toUpperCase()}`}</Kbd>,
    onClick: () => void navigate({ to }),
  }));
  const acts = offered.map(({ id, label, hint, act }) => ({
    id,
    label,
    rightSection: hint ? <Kbd>{hint}</Kbd> : undefined,
    onClick: act,
  }));
  return (
    <Spotlight
      actions={[
        { group: 'Actions', actions: acts },
        { group: 'Go to', actions: screens },
      ]}
      shortcut={['mod + K']}
      nothingFound="Nothing of that name"
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{ placeholder: 'Search or go to', 'aria-label': 'Search or go to' }}
    />
  );
}

export function PaletteButton() {
  return (
    <UnstyledButton className={classes.button} onClick={spotlight.open}>
      <IconSearch size={14} stroke={1.75} aria-hidden />
      <span className={classes.text}>Search or go to</span>
      <Kbd className={classes.key}>Ctrl K</Kbd>
    </UnstyledButton>
  );
}
