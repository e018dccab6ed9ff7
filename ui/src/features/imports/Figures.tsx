/** What an import would do, or did: numbers that add up to its rows, and what to know about some of them. */
import { count, counted } from '../../components/numbers';
import { Table } from '../../components/Table';
import { sentence } from '../../components/Trouble';
import type { Fault, PastImport, Trial, Warning } from '../../ipc/bindings';
import classes from './ImportScreen.module.css';

type Counts = Pick<PastImport, 'created' | 'updated' | 'unchanged' | 'skipped' | 'faulty'> &
  Partial<Pick<PastImport, 'fixed'>>;

export function Numbers({ figures }: { figures: Counts }) {
  const numbers = [
    ['New', figures.created],
    ['Updated', figures.updated],
    ['Unchanged', figures.unchanged],
    ['Skipped', figures.skipped],
    ['Invalid', figures.faulty],
    ...(figures.fixed ? ([['Fixed', figures.fixed]] as const) : []),
  ] as const;
  return (
    <ul className={classes.figures}>
      {numbers.map(([name, number]) => (
        <li key={name}>
          {name} <strong className="num">{count(number)}</strong>
        </li>
      ))}
    </ul>
  );
}

export function Figures({ figures }: { figures: Trial }) {
  const { faults, faulty, opted_out: out, warnings, warning_count: all } = figures;
  return (
    <>
      <Numbers figures={figures} />
      {out > 0 && (
        <p>{counted(out, 'contact has', 'contacts have')} opted out. Their opt-out is imported, too.</p>
      )}
      {faults.length > 0 && <InvalidRows faults={faults} invalid={faulty} />}
      <Warnings warnings={warnings} all={all} />
    </>
  );
}

export function Warnings({ warnings, all }: { warnings: readonly Warning[]; all: number }) {
  return (
    <>
      {warnings.map((warning) => (
        <p key={`${warning.line} ${warning.text}`} className={classes.samples}>
          {warning.line !== null && `Row ${count(warning.line)}: `}
          {sentence(warning.text)}
        </p>
      ))}
      {all > warnings.length && (
        <p className={classes.samples}>And {counted(all - warnings.length, 'more note')}.</p>
      )}
    </>
  );
}

function InvalidRows({ faults, invalid }: { faults: readonly Fault[]; invalid: number }) {
  return (
    <>
      <p>
        An invalid row never blocks the rest. You can fix these rows here after the import.
        {invalid > faults.length && ` The first ${count(faults.length)} of ${count(invalid)} are shown.`}
      </p>
      <Table
        label="Invalid rows"
        heads={[{ name: 'Row', number: true }, { name: 'Column' }, { name: 'Problem' }]}
      >
        {faults.map((fault) => (
          <tr key={`${fault.line} ${fault.column} ${fault.reason}`}>
            <td className={`${classes.right} num`}>{count(fault.line)}</td>
            <td>{fault.column}</td>
            <td>{sentence(fault.reason)}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
