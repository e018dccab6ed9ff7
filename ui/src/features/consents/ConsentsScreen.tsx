/** Consent: how many agreed to what, who answered last, and recording answers. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../../components/Empty';
import { Page } from '../../components/Page';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import classes from './Consents.module.css';
import { LatestAnswers } from './Glance';
import { LedgerCard } from './LedgerCard';
import { FirstPurpose, NewPurpose, PurposesCard } from './PurposesCard';
import { RecordAnswers } from './RecordAnswers';
import { SyncsCard } from './SyncsCard';
import { WordingsCard } from './WordingsCard';

export function ConsentsScreen() {
  const purposes = useAsk('consents.purposes', {});
  const summary = useAsk('consents.summary', {});
  const [asked, setAsked] = useState<'purpose' | 'answers'>();
  const close = () => setAsked(undefined);
  const all = purposes.data ?? [];
  return (
    <Page
      title="Consent"
      about="What your contacts agreed to. Use it in segments, and send it to Salesforce."
      actions={
        all.length > 0 && (
          <>
            <Button variant="default" onClick={() => setAsked('answers')}>
              Record answers…
            </Button>
            <Button onClick={() => setAsked('purpose')}>New purpose</Button>
          </>
        )
      }
    >
      {purposes.isError && <Trouble error={purposes.error} retry={() => void purposes.refetch()} />}
      {purposes.isPending && <Rows />}
      {purposes.data?.length === 0 && (
        <Empty title="No purposes yet" action={<FirstPurpose />}>
          A purpose is a reason to use contact data, such as a newsletter. It can have preferences, such as
          topics, and preferences can have values.
        </Empty>
      )}
      {all.length > 0 && (
        <div className={classes.columns}>
          <div>
            <PurposesCard purposes={all} summary={summary.data} />
            <WordingsCard purposes={all} />
          </div>
          <div>
            <LatestAnswers />
            <LedgerCard />
          </div>
        </div>
      )}
      {purposes.data && <SyncsCard hasPurposes={all.length > 0} />}
      {purposes.data?.length === 0 && <LedgerCard />}
      {asked === 'purpose' && <NewPurpose purposes={all} onClose={close} />}
      {asked === 'answers' && <RecordAnswers purposes={all} onClose={close} />}
    </Page>
  );
}
