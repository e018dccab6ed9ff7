/** What an import would do, or did: five numbers that add up to its rows, and what is to be known of some. */
import { count, counted } from '../../components/numbers';
import { Table } from '../../components/Table';
import { sentence } from '../../components/Trouble';
import type { Fault, ImportOutcome, PastImport, Trial, Warning } from '../../ipc/bindings';
import classes from './ImportScreen.module.css';

type Counts = Pick<PastImport, 'created' | 'updated' | 'unchanged' | 'skipped' | 'faulty'>;

export function Numbers({ figures }: { figures: Counts }) {
  const numbers = [
    ['New', figures.created],
    ['Changed', figures.updated],
    ['Same', figures.unchanged],
    ['Skipped', figures.skipped],
    ['Faulty', figures.faulty],
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

export function Figures({ figures }: { figures: Trial | ImportOutcome }) {
  const { faults, faulty, warnings, warning_count: all } = figures;
  return (
    <>
      <Numbers figures={figures} />
      {faults.length > 0 && <Faults faults={faults} faulty={faulty} />}
      <Warnings warnings={warnings} all={all} />
    </>
  );
}

export function Warnings({ warnings, all }: { warnings: readonly Warning[]; all: number }) {
  return (
    <>
      {warnings.map((warning) => (
        <p key={`${warning.line} ${warning.text}`} className={classes.samples}>
          {warning.line !== null && `Line ${count(warning.line)}: `}
          {sentence(warning.text)}
        </p>
      ))}
      {all > warnings.length && (
        <p className={classes.samples}>And {counted(all - warnings.length, 'more thing')} to know.</p>
      )}
    </>
  );
}

function Faults({ faults, faulty }: { faults: readonly Fault[]; faulty: number }) {
  return (
    <>
      <p>
        These rows cannot be taken in; the rest goes through. Afterwards they can be mended here.
        {faulty > faults.length && ` The first ${count(faults.length)} of ${count(faulty)} are shown.`}
      </p>
      <Table
        label="Faulty rows"
        heads={[{ name: 'Line', number: true }, { name: 'Column' }, { name: 'Why' }]}
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
