/** Setups that were started and not finished: continued, or discarded. */
import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Ago } from '../../components/Ago';
import { Card } from '../../components/Card';
import { offerUndo } from '../../components/undo';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';

export function Drafts() {
  const navigate = useNavigate();
  const drafts = useAsk('connections.drafts', {});
  const discard = useDo('connections.discard_draft');
  const save = useDo('connections.save_draft');
  return drafts.data?.map((draft) => (
    <Card
      key={draft.number}
      title={draft.name || draft.host || 'Unnamed setup'}
      about={
        <>
          Setup not finished. Last changed <Ago at={draft.changed_at} />
        </>
      }
      aside={
        <div className={classes.buttons}>
          <Button
            size="xs"
            variant="default"
            onClick={() =>
              discard.mutate(
                { number: draft.number },
                { onSuccess: () => offerUndo('Setup discarded.', () => save.mutate(draft)) },
              )
            }
          >
            Discard
          </Button>
          <Button
            size="xs"
            onClick={() => void navigate({ to: '/connections/new', search: { draft: draft.number } })}
          >
            Continue setup
          </Button>
        </div>
      }
    >
      {null}
    </Card>
  ));
}
