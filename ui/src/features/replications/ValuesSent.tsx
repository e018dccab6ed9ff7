/** What the mapping makes of one contact, with what keeps it from being sent. */
import { Rows } from '../../components/Rows';
import { Trouble } from '../../components/Trouble';
import { useAsk } from '../../ipc/queries';
import classes from './Plan.module.css';

export function ValuesSent({ replication, contact }: { replication: string; contact: string }) {
  const grid = useAsk('mappings.grid', { name: replication, sample: contact });
  if (grid.isError) return <Trouble error={grid.error} retry={() => void grid.refetch()} />;
  if (grid.isPending) return <Rows />;
  return (
    <table className={classes.fields} aria-label="What would be sent">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Would be sent</th>
        </tr>
      </thead>
      <tbody>
        {grid.data.rows
          .filter((row) => row.source !== null)
          .map(({ target, label, sends }) => (
            <tr key={target}>
              <th scope="row">{label}</th>
              <td className="selectable">
                {sends.kind === 'value' && (
                  <>
                    {sends.kept}
                    {sends.cut && <s className="strike">{sends.cut}</s>}
                  </>
                )}
                {sends.kind === 'nothing' && <span className={classes.quiet}>Nothing</span>}
                {sends.kind === 'unknown' && <span className={classes.quiet}>Known when it’s sent</span>}
                {sends.kind === 'refused' && (
                  <span className={classes.red}>
                    {sends.value}: {sends.why}
                  </span>
                )}
              </td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
