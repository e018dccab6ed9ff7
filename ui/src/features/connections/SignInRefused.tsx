/** Why Salesforce refused a sign-in: the cause, the cure, the step to look at, and its own answer folded below. */
import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { AboutError } from '../../components/AboutError';
import { Ago } from '../../components/Ago';
import { sentence } from '../../components/Trouble';
import type { SignInFailure } from '../../ipc/bindings';
import classes from './Connections.module.css';

type Props = {
  failure: SignInFailure /** The number of the step at fault, where it is one of those shown. */;
  step?: number;
};

export function SignInRefused({ failure, step }: Props) {
  const block = useRef<HTMLDivElement>(null);
  // Whoever waits for the browser looks here next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal is told, also one that says the same.
  useEffect(() => block.current?.focus(), [failure.at]);
  const goTo = () => document.getElementById(`step-${failure.step}`)?.focus();
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
      {step !== undefined && (
        <Button size="xs" variant="default" onClick={goTo}>
          Go to step {step}
        </Button>
      )}
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
