/** Which fields and records of an object a pull reads. */
import { MultiSelect, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../components/Dialog';
import { DialogButtons } from '../../components/DialogButtons';
import { counted } from '../../components/numbers';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { CriteriaRows } from '../../criteria/CriteriaRows';
import { isComplete } from '../../criteria/criteria';
import type { HostError, PullFilter, WantedObject } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Pulls.module.css';

type Props = {
  connection: string;
  /** The object as it is read now. */
  object: WantedObject;
  busy?: boolean;
  error?: HostError | null;
  onSave: (object: WantedObject) => void;
  onClose: () => void;
};

type Choice = 'usual' | 'all' | 'chosen';

const everything: PullFilter = { matching: 'all', criteria: [] };

export function ObjectDialog({ connection, object, busy = false, error, onSave, onClose }: Props) {
  const asked = useAsk('pulls.fields', { connection, object: object.object });
  const [choice, setChoice] = useState<Choice>(choiceOf(object.fields));
  const [chosen, setChosen] = useState<string[] | null>(null);
  const [filter, setFilter] = useState<PullFilter>(object.filter ?? everything);
  const known = asked.data?.fields ?? [];
  const usual = known.filter((field) => field.usual).map(({ name }) => name);
  const names = chosen ?? named(object.fields, known, usual);
  const save = () => {
    const criteria = filter.criteria.filter(isComplete);
    onSave({
      object: object.object,
      fields: choice === 'usual' ? ['usual'] : choice === 'all' ? ['all'] : names,
      ...(criteria.length > 0 ? { filter: { ...filter, criteria } } : {}),
    });
  };
  return (
    <Dialog opened onClose={onClose} title={`Fields and records of ${object.object}`} size={640}>
      <form
        className={classes.stack}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {asked.isError && <Trouble error={asked.error} retry={() => void asked.refetch()} />}
        {asked.isPending && <Rows count={4} />}
        {asked.data && (
          <>
            <SegmentedControl
              aria-label="Fields to read"
              data={[
                { value: 'usual', label: `Usual fields (${usual.length})` },
                { value: 'all', label: `All fields (${known.length})` },
                { value: 'chosen', label: 'Selected fields' },
              ]}
              value={choice}
              onChange={(value) => setChoice(value as Choice)}
            />
            {choice === 'chosen' && (
              <MultiSelect
                label="Fields"
                description={counted(names.length, 'field')}
                searchable
                hidePickedOptions
                data={known.map(({ name, label }) => ({ value: name, label: `${label} (${name})` }))}
                value={names}
                onChange={setChosen}
              />
            )}
            <div>
              <p className={classes.quiet}>
                {filter.criteria.length === 0
                  ? 'Reads all records. Add a condition to read only some.'
                  : 'Reads the records that match.'}
              </p>
              <CriteriaRows
                fields={{ fields: asked.data.conditions }}
                search={filter}
                onChange={(part) =>
                  setFilter({
                    matching: part.matching ?? filter.matching,
                    criteria: part.criteria ?? filter.criteria,
                  })
                }
              />
            </div>
          </>
        )}
        {error && <Trouble error={error} focus />}
        <DialogButtons
          onCancel={onClose}
          busy={busy}
          disabled={!asked.data || (choice === 'chosen' && names.length === 0 && 'Choose at least one field')}
        >
          Save
        </DialogButtons>
      </form>
    </Dialog>
  );
}

function choiceOf(fields: readonly string[] | undefined): Choice {
  if (!fields || (fields.length === 1 && fields[0]?.toLowerCase() === 'usual')) return 'usual';
  return fields.some((name) => name.toLowerCase() === 'all') ? 'all' : 'chosen';
}

/** Returns the fields that are read now, by name; `usual` among them stands for many. */
function named(
  fields: readonly string[] | undefined,
  known: readonly { name: string }[],
  usual: readonly string[],
): string[] {
  if (!fields) return [...usual];
  const is = (name: string) => (one: string) => one.toLowerCase() === name.toLowerCase();
  const all = fields.some(is('usual')) ? [...usual, ...fields] : fields;
  return known.map(({ name }) => name).filter((name) => all.some(is(name)));
}
