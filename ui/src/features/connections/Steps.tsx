/** The steps in Salesforce: ticked by the user, and marked where a refused sign-in points at one. */
import { Anchor, Checkbox } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Card } from '../../components/Card';
import { Chip } from '../../components/Chip';
import { CopyText } from '../../components/CopyText';
import type { Draft, SetUpStep, SetUpValues } from '../../ipc/bindings';
import classes from './Connections.module.css';
import { asText, type Step } from './steps';

type Props = {
  steps: readonly Step[];
  draft: Draft;
  values: SetUpValues | undefined;
  /** The step at fault. */
  fault: SetUpStep | null;
  onTick: (ticked: SetUpStep[]) => void;
};

export function Steps({ steps, draft, values, fault, onTick }: Props) {
  const clipboard = useClipboard({ timeout: 2000 });
  const toggle = (id: SetUpStep) =>
    onTick(draft.ticked.includes(id) ? draft.ticked.filter((one) => one !== id) : [...draft.ticked, id]);
  return (
    <Card
      title="In Salesforce"
      about="For a Salesforce administrator, or yourself in a sandbox"
      aside={
        <Anchor component="button" type="button" onClick={() => clipboard.copy(asText(steps, texts(values)))}>
          {clipboard.copied ? 'Copied' : 'Copy for your administrator'}
        </Anchor>
      }
    >
      <ol className={classes.steps}>
        {steps.map(({ id, title, how }, at) => (
          <li key={id} data-fault={id === fault || undefined}>
            <div className={classes.step}>
              <Checkbox
                id={`step-${id}`}
                label={`${at + 1}. ${title}`}
                checked={draft.ticked.includes(id)}
                onChange={() => toggle(id)}
              />
              {id === fault && (
                <Chip tone="fail" icon={IconAlertTriangle}>
                  Check this step
                </Chip>
              )}
            </div>
            <div className={classes.how}>
              <p className={classes.quiet}>{how}</p>
              {values && <Copies step={id} values={values} />}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Copies({ step, values }: { step: SetUpStep; values: SetUpValues }) {
  if (step === 'app') return <CopyText text={values.app_name} label="the app’s name" mono={false} />;
  if (step === 'callback') {
    return values.callbacks.map((callback) => (
      <CopyText key={callback} text={callback} label={`the callback ${callback}`} />
    ));
  }
  if (step === 'scopes') {
    return (
      <ul className={classes.scopes}>
        {values.scopes.map(({ name, label }) => (
          <li key={name}>
            {label} <span className="mono selectable">{name}</span>
          </li>
        ))}
      </ul>
    );
  }
  return null;
}

function texts(values: SetUpValues | undefined): { [step in SetUpStep]?: string } {
  if (!values) return {};
  return {
    app: values.app_name,
    callback: values.callbacks.join('\n   '),
    scopes: values.scopes.map(({ name, label }) => `${label} (${name})`).join('\n   '),
  };
}
