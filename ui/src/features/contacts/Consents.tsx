/** The consent a contact gave or refused, changed in place. */
import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { Ago } from '../../components/Ago';
import { PanelPart } from '../../components/Panel';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type { ConsentInfo, ContactCard } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import { standings } from '../../words/consents';
import { ConsentHistory } from './ConsentHistory';
import classes from './ContactsScreen.module.css';
import { OptOut } from './OptOuts';
import { OPT_OUTS } from './panel/groups';
import { RecordAnswer } from './RecordAnswer';

/** Returns the parameters that say an answer, none at all for *not asked*. */
function said(answer: string | null): { given?: boolean } {
  return answer === 'given' || answer === 'refused' ? { given: answer === 'given' } : {};
}

export function Consents({ card }: { card: ContactCard }) {
  const paths = useAsk('consents.paths', {});
  const known = useAsk('consents.of', { contact: card.guid });
  const record = useDo('consents.record');
  const undo = useDo('consents.record');
  const fields = useAsk('contacts.fields', {});
  const [recording, setRecording] = useState(false);
  if (!paths.data || !known.data || !fields.data) return null;
  const change = (path: string, answer: string | null, before: ConsentInfo | undefined) => {
    const one = { contacts: [card.guid], purpose: path };
    record.mutate(
      { ...one, ...said(answer), source: 'Entered by hand' },
      {
        onSuccess: () =>
          offerUndo(`Consent to ${path} changed.`, () =>
            undo.mutate({
              ...one,
              undo: true,
              ...(before ? { given: before.given, at: before.at, source: before.source } : {}),
            }),
          ),
      },
    );
  };
  return (
    <PanelPart
      title="Consent"
      aside={
        paths.data.length > 0 &&
        card.deleted_at === null && (
          <Button size="xs" variant="default" onClick={() => setRecording(true)}>
            Record answer
          </Button>
        )
      }
    >
      {record.error && <Trouble error={record.error} />}
      {fields.data
        .filter(({ name }) => OPT_OUTS.includes(name))
        .map((field) => (
          <OptOut key={field.name} card={card} field={field} />
        ))}
      {paths.data.map((path) => {
        const answer = known.data.find((one) => one.path === path);
        return (
          <Select
            key={path}
            label={path}
            description={
              answer && (
                <span className={classes.quiet}>
                  <Ago at={answer.at} />
                  {answer.source && `, ${answer.source}`}
                </span>
              )
            }
            size="xs"
            disabled={card.deleted_at !== null}
            allowDeselect={false}
            data={standings}
            value={answer ? (answer.given ? 'given' : 'refused') : 'not_asked'}
            onChange={(chosen) => change(path, chosen, answer)}
          />
        );
      })}
      <ConsentHistory card={card} />
      {recording && (
        <RecordAnswer contact={card.guid} paths={paths.data} onClose={() => setRecording(false)} />
      )}
    </PanelPart>
  );
}
