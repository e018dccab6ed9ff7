/** Records of an object, column by column. */

import { Chip } from '../../components/Chip';
import { NameButton } from '../../components/NameButton';
import { NumberCell, Table } from '../../components/Table';
import type { RecordListed, RecordsListed } from '../../ipc/bindings';
import { stateWords, valueText } from '../../words/mirror';
import classes from './Pulls.module.css';

type Props = {
  listed: RecordsListed;
  /** Opens a record. */
  onOpen?: (record: RecordListed) => void;
};

export function RecordTable({ listed: { object, columns, records, names }, onOpen }: Props) {
  return (
    <Table
      label={`${object} records`}
      dense
      heads={[
        { name: 'Record ID' },
        { name: 'State' },
        ...columns.map(({ label, kind }) => ({ name: label, number: kind === 'number' || kind === 'whole' })),
      ]}
    >
      {records.map((record) => (
        <tr
          key={record.id}
          className={record.state === 'live' ? undefined : classes.past}
          onDoubleClick={onOpen && (() => onOpen(record))}
        >
          <td>{onOpen ? <NameButton onOpen={() => onOpen(record)}>{record.id}</NameButton> : record.id}</td>
          <td title={record.winner ? `Merged into ${record.winner}` : undefined}>
            <Chip tone={stateWords[record.state].tone} bare={record.state === 'live'}>
              {record.winner ? 'Merged' : stateWords[record.state].word}
            </Chip>
          </td>
          {columns.map(({ name, kind }, at) => {
            const text = valueText(record.values[at] ?? null, kind);
            return kind === 'number' || kind === 'whole' ? (
              <NumberCell key={name}>{text}</NumberCell>
            ) : (
              <td key={name} className="selectable" title={text}>
                {names[text] ? (
                  <>
                    {names[text]} <span className={classes.quiet}>{text}</span>
                  </>
                ) : (
                  text
                )}
              </td>
            );
          })}
        </tr>
      ))}
    </Table>
  );
}
