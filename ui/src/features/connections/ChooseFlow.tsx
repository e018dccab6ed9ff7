/** The first question of a set-up: how to sign in, with a sentence on when to take each way. */
import { Anchor } from '@mantine/core';
import { Chip } from '../../components/Chip';
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import type { Flow } from '../../ipc/bindings';
import { useAsk, useDo } from '../../ipc/queries';
import classes from './Connections.module.css';

type Props = {
  /** The way that was taken before. */
  chosen: Flow | null;
  onChoose: (flow: Flow) => void;
};

export function ChooseFlow({ chosen, onChoose }: Props) {
  const flows = useAsk('connections.flows', {});
  const open = useDo('connections.open_page');
  return (
    <section aria-labelledby="choose-flow" className={classes.choose}>
      <h2 id="choose-flow" className={classes.question}>
        How should Leadferry sign in?
      </h2>
      {flows.isError && <Trouble error={flows.error} retry={() => void flows.refetch()} />}
      {flows.isPending && <Rows />}
      <ul className={classes.choices}>
        {flows.data?.map(({ flow, title, when, discouraged }, at) => (
          <li key={flow} className={classes.choice}>
            <span className={classes.choiceHead}>
              <button
                type="button"
                className={classes.choiceName}
                aria-describedby={`when-${flow}`}
                aria-current={flow === chosen || undefined}
                onClick={() => onChoose(flow)}
              >
                {title}
              </button>
              {at === 0 && <Chip tone="accent">Recommended</Chip>}
              {discouraged && <Chip tone="look">Not recommended</Chip>}
            </span>
            <span id={`when-${flow}`} className={classes.when}>
              {when}
            </span>
          </li>
        ))}
      </ul>
      <p className={classes.quiet}>
        No Salesforce yet?{' '}
        <Anchor component="button" type="button" onClick={() => open.mutate({ page: 'sign_up' })}>
          Sign up for a free developer org
        </Anchor>{' '}
        and connect it the same way. It comes with API access and sample data.
      </p>
      {open.error && <Trouble error={open.error} />}
    </section>
  );
}
