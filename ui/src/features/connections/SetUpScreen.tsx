/** The guided setup: the steps in Salesforce on the left, the fields in Leadferry on the right. */
import { Button } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { say } from '../../components/undo';
import type { Draft } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Connections.module.css';
import { SetUpForm } from './SetUpForm';
import { useSignIn } from './SignIn';
import { Steps } from './Steps';
import { newDraft, stepsOf } from './steps';
import { useDraft } from './useDraft';

const parent = { title: 'Connections', to: '/connections' };

export function SetUpScreen() {
  const { draft: number } = useSearch({ strict: false }) as { draft?: number };
  const drafts = useAsk('connections.drafts', {}, { enabled: number !== undefined });
  const fresh = useMemo(newDraft, []);
  const kept = drafts.data?.find((one) => one.number === number);
  if (number === undefined) return <SetUp begun={fresh} />;
  if (kept) return <SetUp key={number} begun={kept} />;
  return (
    <Page title="Connect Salesforce" parent={parent}>
      {drafts.isError && <Trouble error={drafts.error} retry={() => void drafts.refetch()} />}
      {drafts.isPending ? <Rows /> : <p>This setup is finished or was discarded.</p>}
    </Page>
  );
}

function SetUp({ begun }: { begun: Draft }) {
  const navigate = useNavigate();
  const values = useAsk('connections.values', {});
  const { draft, change, keep, discard } = useDraft(begun);
  const signIn = useSignIn(draft.connection ?? '');
  const steps = stepsOf(draft.flow, draft.generation);
  const ticked = steps.filter(({ id }) => draft.ticked.includes(id)).length;
  const leave = async () => {
    await keep();
    void navigate({ to: '/connections' });
  };
  const done = async () => {
    await discard();
    say(`Connected to ${draft.name.trim()}.`);
    void navigate({ to: '/connections' });
  };
  const fault = signIn.failure?.step ?? null;
  return (
    <Page
      title="Connect Salesforce"
      parent={parent}
      about={steps.length > 0 ? `${ticked} of ${steps.length} steps done. Saved automatically` : undefined}
      actions={
        <Button variant="default" onClick={() => void leave()}>
          Finish later
        </Button>
      }
    >
      <div className={classes.columns}>
        {steps.length > 0 && (
          <Steps
            steps={steps}
            draft={draft}
            values={values.data}
            fault={fault}
            onTick={(all) => change({ ticked: all })}
          />
        )}
        <SetUpForm
          draft={draft}
          change={change}
          keep={keep}
          signIn={signIn}
          faultyStep={stepNumber(steps.findIndex(({ id }) => id === fault))}
          onDone={() => void done()}
        />
      </div>
    </Page>
  );
}

function stepNumber(at: number): number | undefined {
  return at < 0 ? undefined : at + 1;
}
