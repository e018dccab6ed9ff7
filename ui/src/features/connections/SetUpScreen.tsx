/** The guided set-up: how to sign in, then the steps in Salesforce on the left and the fields in Leadferry on the right. */
import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { disabledFor } from '../../components/disabled';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { Draft, Flow, GuideRequest } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import { ChooseFlow } from './ChooseFlow';
import classes from './Connections.module.css';
import { newDraft, withFlow } from './draft';
import { useHost } from './HostField';
import { SetUpForm } from './SetUpForm';
import { useSignIn } from './SignIn';
import { Steps } from './Steps';
import { useDraft } from './useDraft';

const parent = { title: 'Connections', to: '/connections' };
const PAUSE_MS = 300;

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
  const { draft, change, keep, discard } = useDraft(begun);
  const [chosen, setChosen] = useState<Flow | null>(begun.number > 0 ? begun.flow : null);
  const [choosing, setChoosing] = useState(begun.number === 0);
  const leave = async () => {
    await keep();
    void navigate({ to: '/connections' });
  };
  const done = async (name: string) => {
    await discard();
    void navigate({ to: '/connections/$name/details', params: { name }, search: { connected: true } });
  };
  const signIn = useSignIn(draft.connection ?? '', draft.flow, (name) => void done(name));
  const choose = (flow: Flow) => {
    if (flow !== draft.flow) signIn.forget();
    if (flow !== draft.flow || chosen === null) change(withFlow(draft, flow));
    setChosen(flow);
    setChoosing(false);
  };
  const later = (
    <>
      <Button variant="default" onClick={() => void leave()}>
        Finish later
      </Button>
      <Button {...disabledFor('Sign in to Salesforce first')}>Next</Button>
    </>
  );
  if (choosing) {
    return (
      <Page title="Connect Salesforce" parent={parent} actions={later}>
        <ChooseFlow chosen={chosen} onChoose={choose} />
      </Page>
    );
  }
  return (
    <Guided
      draft={draft}
      change={change}
      keep={keep}
      signIn={signIn}
      later={later}
      onChooseFlow={() => setChoosing(true)}
      onFlow={choose}
      onDone={(name) => void done(name)}
    />
  );
}

type GuidedProps = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  keep: () => Promise<unknown>;
  signIn: ReturnType<typeof useSignIn>;
  later: React.ReactNode;
  onChooseFlow: () => void;
  onFlow: (flow: Flow) => void;
  onDone: (name: string) => void;
};

function Guided({ draft, change, keep, signIn, later, onChooseFlow, onFlow, onDone }: GuidedProps) {
  const request = useRequest(draft);
  const guide = useAsk('connections.guide', request, { enabled: draft.flow !== 'practice', keep: true });
  const host = useHost(draft.host);
  const steps = draft.flow === 'practice' ? [] : (guide.data?.steps ?? []);
  const ticked = steps.filter(({ id }) => draft.ticked.includes(id)).length;
  const fault = signIn.failure?.step ?? null;
  return (
    <Page
      title="Connect Salesforce"
      parent={parent}
      about={steps.length > 0 ? `${ticked} of ${steps.length} steps done. Saved automatically` : undefined}
      actions={later}
    >
      {guide.isError && <Trouble error={guide.error} retry={() => void guide.refetch()} />}
      <div className={classes.columns}>
        {guide.data && steps.length > 0 && (
          <Steps
            guide={guide.data}
            request={request}
            draft={draft}
            change={change}
            address={host.address}
            fault={fault}
          />
        )}
        <SetUpForm
          draft={draft}
          change={change}
          keep={keep}
          signIn={signIn}
          host={host}
          callbacks={guide.data?.callbacks ?? []}
          faultyStep={stepNumber(steps.findIndex(({ id }) => id === fault))}
          onChooseFlow={onChooseFlow}
          onFlow={onFlow}
          onDone={onDone}
        />
      </div>
    </Page>
  );
}

/** Returns what the guide is asked for; what is typed letter by letter only once it stands. */
function useRequest({ flow, generation, scopes, callback_port: port, contact_email }: Draft): GuideRequest {
  const [email] = useDebouncedValue(contact_email.trim(), PAUSE_MS);
  // Half an email is none yet.
  const isOne = /^[^\s@<]+@[^\s@<]+$/.test(email);
  return {
    flow,
    generation,
    scopes,
    ...(port === null ? {} : { callback_port: port }),
    ...(isOne ? { contact_email: email } : {}),
  };
}

function stepNumber(at: number): number | undefined {
  return at < 0 ? undefined : at + 1;
}
