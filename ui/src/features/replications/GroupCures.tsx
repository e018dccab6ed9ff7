/** The buttons against a cause, for every contact that it blocks. */
import { Button } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { Chip } from '../../components/Chip';
import { count } from '../../components/numbers';
import { Trouble } from '../../components/Trouble';
import type { Cure, Refusal } from '../../ipc/bindings';
import { useAsk } from '../../ipc/queries';
import classes from './Run.module.css';
import { type CureActs, useCures } from './useCures';

type Props = {
  group: Pick<Refusal, 'code' | 'cures'> & { rows?: number };
  replication: string;
  /** Before a run there is nothing to be tried again. */
  planned?: boolean;
};

const buttons: readonly { cure: Cure; label: string; act: (acts: CureActs, code: string) => void }[] = [
  { cure: 'allow_duplicates', label: 'Allow duplicates', act: (acts, code) => acts.allowDuplicates(code) },
  { cure: 'recreate', label: 'Create records again', act: (acts, code) => acts.recreate(code) },
  {
    cure: 'make_identifier',
    label: 'Create field in Salesforce',
    act: (acts, code) => acts.makeIdentifier(code),
  },
  { cure: 'refresh_fields', label: 'Refresh fields', act: (acts) => void acts.refresh() },
  { cure: 'edit_mapping', label: 'Open mapping', act: (acts) => acts.mapping() },
  { cure: 'retry', label: 'Retry all at next run', act: (acts, code) => acts.retryAll(code) },
];

export function GroupCures({ group: { code, cures, rows = 0 }, replication, planned }: Props) {
  const acts = useCures(replication);
  // Other runs may have blocked contacts for the same reason: what is tried again is all of them.
  const blocked = useAsk(
    'queue.list',
    { filter: { replication, code, counted: 'blocked' }, limit: 0 },
    { enabled: !planned && cures.includes('retry') },
  );
  const all = blocked.data?.total ?? 0;
  const named = (cure: Cure, label: string) =>
    cure === 'retry' && all > rows ? `Retry all ${count(all)} at next run` : label;
  if (cures.length === 0) {
    return (
      <Chip tone="idle" icon={IconClock}>
        Retried automatically
      </Chip>
    );
  }
  return (
    <div className={classes.cures}>
      {buttons
        .filter(({ cure }) => cures.includes(cure) && !(planned && cure === 'retry'))
        .map(({ cure, label, act }) => (
          <Button key={cure} size="xs" variant="default" loading={acts.busy} onClick={() => act(acts, code)}>
            {named(cure, label)}
          </Button>
        ))}
      {acts.error && <Trouble error={acts.error} />}
    </div>
  );
}
