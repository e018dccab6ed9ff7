/** Why Salesforce refused a sign-in: the cause, the cure and its button, and Salesforce's own answer folded below. */
import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { AboutError } from '../../components/AboutError';
import { Ago } from '../../components/Ago';
import { CopyText } from '../../components/CopyText';
import { sentence } from '../../components/Trouble';
import type { Flow, SignInFailure } from '../../ipc/bindings';
import classes from './Connections.module.css';

type Props = {
  failure: SignInFailure;
  flow: Flow;
  /** The number of the step at fault, where it is one of those shown. */
  step?: number;
  /** The callback addresses that the app has to list. */
  callbacks?: readonly string[];
  /** Takes the browser instead; what was typed stays. */
  onBrowser?: () => void;
};

export function SignInRefused({ failure, flow, step, callbacks = [], onBrowser }: Props) {
  const block = useRef<HTMLDivElement>(null);
  const clipboard = useClipboard({ timeout: 2000 });
  // Whoever waits for the browser looks here next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal is told, also one that says the same.
  useEffect(() => block.current?.focus(), [failure.at]);
  const place = usePlace(failure);
  return (
    <div ref={block} className={classes.trouble} role="alert" tabIndex={-1}>
      <strong className={classes.refused}>
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden /> {sentence(failure.message)}
      </strong>
      <dl className={classes.facts}>
        {failure.cause && (
          <>
            <dt>Why</dt>
            <dd>{sentence(failure.cause)}</dd>
          </>
        )}
        <dt>What to do</dt>
        <dd>{sentence(failure.cure)}</dd>
      </dl>
      {failure.step === 'callback' &&
        callbacks.map((callback) => (
          <CopyText key={callback} text={callback} label={`Callback ${callback}`} />
        ))}
      <div className={classes.cures}>
        {place && (
          <Button size="xs" variant="default" onClick={() => place.element.focus()}>
            {place.isField ? 'Go to the field' : `Go to step ${step}`}
          </Button>
        )}
        {flow === 'password' && onBrowser && (
          <Button size="xs" variant="default" onClick={onBrowser}>
            Use the browser instead
          </Button>
        )}
        {failure.raw && (
          <Button size="xs" variant="default" onClick={() => clipboard.copy(note(failure))}>
            {clipboard.copied ? 'Copied' : 'Copy a note for your administrator'}
          </Button>
        )}
      </div>
      {failure.raw && (
        <details>
          <summary>
            Salesforce’s answer <span className="mono">{failure.raw.code}</span>, <Ago at={failure.at} />
          </summary>
          <span className="mono selectable">{failure.raw.words}</span> <AboutError {...failure.raw} />
        </details>
      )}
    </div>
  );
}

/** Returns the field at fault, else the step; neither is there before all of the screen is. */
function usePlace({ step }: SignInFailure): { element: HTMLElement; isField: boolean } | null {
  const [place, setPlace] = useState<{ element: HTMLElement; isField: boolean } | null>(null);
  useEffect(() => {
    const field = document.getElementById(`field-${step}`);
    const element = field ?? document.getElementById(`step-${step}`);
    setPlace(element && { element, isField: field !== null });
  }, [step]);
  return place;
}

/** Returns what an administrator has to know to help. */
function note({ message, cause, cure, raw, at }: SignInFailure): string {
  const answer = raw ? `Salesforce’s answer: ${raw.code}${raw.words ? ` (${raw.words})` : ''}` : '';
  const when = `Time: ${new Date(at).toISOString()}`;
  const parts = [`Leadferry: ${sentence(message)}`, cause && sentence(cause), sentence(cure), answer, when];
  return parts.filter(Boolean).join('\n');
}
