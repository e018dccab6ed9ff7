/** The fields of Salesforce's data that the panel shows: added, removed and put in order. */
import { ActionIcon, Select } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useAsk } from '../../../ipc/queries';
import classes from './Panel.module.css';

type Choice = { value: string; label: string };

type Props = {
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
};

export function ChosenFields({ choices, chosen, onChange }: Props) {
  const pulled = useAsk('mirror.askable', {}).data?.fields ?? [];
  const list = useRef<HTMLDivElement>(null);
  // It opens below what it was opened from.
  useEffect(() => list.current?.scrollIntoView({ block: 'nearest' }), []);
  const move = (from: number, to: number) => {
    const next = [...chosen];
    const [moved] = next.splice(from, 1);
    if (moved === undefined) return;
    next.splice(to, 0, moved);
    onChange(next);
  };
  const labelOf = (name: string) =>
    choices.find(({ value }) => value === name)?.label ?? otherLabel(name, pulled);
  return (
    <div ref={list} role="group" aria-label="Fields to show">
      <ol className={classes.chosen}>
        {chosen.map((name, at) => (
          <li key={name} className={classes.line}>
            <span>{labelOf(name)}</span>
            <span className={classes.push}>
              <ActionIcon
                aria-label={`Move ${labelOf(name)} up`}
                disabled={at === 0}
                onClick={() => move(at, at - 1)}
              >
                <IconChevronUp size={14} stroke={1.75} />
              </ActionIcon>
              <ActionIcon
                aria-label={`Move ${labelOf(name)} down`}
                disabled={at === chosen.length - 1}
                onClick={() => move(at, at + 1)}
              >
                <IconChevronDown size={14} stroke={1.75} />
              </ActionIcon>
              <ActionIcon
                aria-label={`Remove ${labelOf(name)}`}
                onClick={() => onChange(chosen.filter((one) => one !== name))}
              >
                <IconX size={14} stroke={1.75} />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      <Select
        label="Add field"
        searchable
        placeholder="Choose a field"
        data={choices.filter(({ value }) => !chosen.includes(value))}
        value={null}
        onChange={(name) => name && onChange([...chosen, name])}
      />
    </div>
  );
}

/** Returns the label of a field of an object that this contact has no record of. */
function otherLabel(name: string, pulled: readonly { name: string; label: string }[]): string {
  const [object = '', field = ''] = name.split('.', 2);
  const owner = object === 'User' ? 'Owner' : object;
  const names = [
    `Salesforce.${owner}.${field}`,
    ...(owner === object && object !== 'Account' ? [`Salesforce.${field}`] : []),
  ];
  const known = pulled.find((one) => names.includes(one.name));
  return `${object}: ${known?.label ?? field}`;
}
