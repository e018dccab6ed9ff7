/** Giving a score another name, and removing it. */
import { Button, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
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
  const [name, setName] = useState(card.name);
  const [description, setDescription] = useState(card.description);
  const save = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(
      { score: card.name, change: { name: name.trim(), description: description.trim() } },
      {
        onSuccess: (now) => {
          onClose();
          void navigate({ to: '/scores/$name', params: { name: now.name } });
        },
      },
    );
  };
  return (
    <Modal opened onClose={onClose} title={`Rename ${card.name}`} size={460}>
      <form onSubmit={save}>
        <Stack gap="sm">
          <TextInput
            label="Name"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="What it is for"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          {set.error && <Trouble error={set.error} />}
          <div className={classes.buttons}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={set.isPending} disabled={!name.trim()}>
              Save
            </Button>
          </div>
        </Stack>
      </form>
    </Modal>
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
