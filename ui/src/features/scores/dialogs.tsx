/** Renaming and removing a score. */
import { useNavigate } from '@tanstack/react-router';
import { NameForm } from '../../components/NameForm';
import { counted } from '../../components/numbers';
import { RemoveDialog } from '../../components/RemoveDialog';
import { offerUndo } from '../../components/undo';
import type { ScoreCard } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';

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
    <RemoveDialog
      name={name}
      act="Remove score"
      disabled={card.users.length > 0}
      busy={remove.isPending}
      error={remove.error}
      onRemove={() =>
        remove.mutate(
          { name },
          {
            onSuccess: () => {
              offerUndo(`${name} removed.`, () => add.mutate({ name, description, rules }));
              void navigate({ to: '/scores' });
            },
          },
        )
      }
      onClose={onClose}
    >
      This removes its {counted(rules.length, 'rule')} and every contact’s points in it.
      {card.users.length > 0 && ' A replication uses this score. Change who it sends first.'}
    </RemoveDialog>
  );
}
