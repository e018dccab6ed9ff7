/** A small state: an icon, a word, a tone. Colour is never alone. */
import type { IconProps } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import classes from './Chip.module.css';

export type Tone = 'done' | 'look' | 'fail' | 'accent' | 'idle';

type Props = {
  tone: Tone;
  icon?: ComponentType<IconProps>;
  children: ReactNode;
  /** Without a background, as rows that are fine have it. */
  bare?: boolean;
};

export function Chip({ tone, icon: Icon, children, bare }: Props) {
  return (
    <span className={`${classes.chip} ${classes[tone]} ${bare ? classes.bare : ''}`}>
      {Icon && <Icon size={14} stroke={1.75} aria-hidden />}
      {children}
    </span>
  );
}
