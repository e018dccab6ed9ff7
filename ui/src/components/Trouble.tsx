/** An error where it arose: what happened, why, what to do, and the button that does it. */
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { HostError } from '../ipc/bindings';
import { treatmentOf } from '../ipc/errors';
import { AboutError } from './AboutError';
import { asHere } from './asHere';
import classes from './Trouble.module.css';
import { visible } from './visible';

type Props = {
  error: HostError;
  /** Does again what failed. */
  retry?: () => void;
  /** A cure of the place's own, instead of the table's. */
  cure?: { label: string; act: () => void };
  /** Takes the focus, as after a failed act. */
  focus?: boolean;
};

export function Trouble({ error, retry, cure, focus }: Props) {
  const navigate = useNavigate();
  const block = useRef<HTMLDivElement>(null);
  const { tone, cure: usual } = treatmentOf(error.code);
  useEffect(() => {
    if (focus) block.current?.focus();
  }, [focus]);
  const act = cure ?? usualCure();
  return (
    <div ref={block} role="alert" tabIndex={-1} className={`${classes.block} ${classes[tone]} selectable`}>
      <IconAlertTriangle size={16} stroke={1.75} aria-hidden className={classes.icon} />
      <div className={classes.lines}>
        <strong>{sentence(error.message)}</strong>
        {error.cause && <span>{sentence(error.cause)}</span>}
        <span className={classes.hint}>{sentence(error.hint)}</span>
        {error.said && <AboutError {...error.said} />}
      </div>
      {act && (
        <Button size="xs" variant="default" onClick={act.act}>
          {act.label}
        </Button>
      )}
    </div>
  );

  function usualCure() {
    if (!usual) return null;
    const { to } = usual;
    if (to) return { label: usual.label, act: () => void navigate({ to }) };
    return retry ? { label: usual.label, act: retry } : null;
  }
}

/** What the host has told on its own, where nobody asked for it. */
export function Notice({ text }: { text: string }) {
  return (
    <div role="alert" className={`${classes.block} ${classes.fail} selectable`}>
      <IconAlertTriangle size={16} stroke={1.75} aria-hidden className={classes.icon} />
      <div className={classes.lines}>{sentence(text)}</div>
    </div>
  );
}

/** Returns a text of the host as a sentence: its texts begin small and end bare, so that they can be joined. */
export function sentence(text: string): string {
  const trimmed = visible(asHere(text)).trim();
  const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.:?]$/.test(begun) ? begun : `${begun}.`;
}

/** Returns an error in its three parts as one text, for the place where it stands at its field. */
export function inWords({ message, cause, hint }: HostError): string {
  const parts = [message, cause ?? '', hint].filter((part) => part !== '');
  return parts.map(sentence).join(' ');
}
