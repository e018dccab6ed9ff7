/** Giving a score another name, and removing it. */
import { Button, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { NameForm } from '../../components/NameForm';
import { counted } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import { offerUndo } from '../../components/undo';
import type { ScoreCard } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import classes from './Scores.module.css';

type Props = { card: ScoreCard; onClose: () => void };

export function RenameScore({ card, onClose }: Props) {
  const navigate = useNavigate();
  const set = useDo('scores.set');
  return (
    <NameForm
      title={`Rename ${card.name}`}
      act="Save"
      begun={card}
      busy={set.isPending}
      error={set.error}
      onDone={(change) =>
        set.mutate(
          { score: card.name, change },
          {
            onSuccess: ({ name }) => {
              onClose();
              void navigate({ to: '/scores/$name', params: { name } });
            },
          },
        )
      }
      onClose={onClose}
    />
  );
}

export function RemoveScore({ card, onClose }: Props) {
  const navigate = useNavigate();
  const remove = useDo('scores.remove');
  const add = useDo('scores.add');
  const { name, description, rule_list: rules } = card;
  return (
    <Modal opened onClose={onClose} title={`Remove ${name}`} size={460}>
      <p>
        Its {counted(rules.length, 'rule')} and everyone's points in it are removed.
        {card.users.length > 0 && ' A replication asks for it: choose who goes there otherwise first.'}
      </p>
      {remove.error && <Trouble error={remove.error} />}
      <div className={classes.buttons}>
        <Button variant="default" data-autofocus onClick={onClose}>
          Keep it
        </Button>
        <Button
          color="red"
          disabled={card.users.length > 0}
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(
              { name },
              {
                onSuccess: () => {
                  offerUndo(`${name} was removed.`, () => add.mutate({ name, description, rules }));
                  void navigate({ to: '/scores' });
                },
              },
            )
          }
        >
          Remove {name}
        </Button>
      </div>
    </Modal>
  );
}
