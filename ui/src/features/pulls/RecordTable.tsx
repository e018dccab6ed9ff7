/** Records of an object, column by column. */

import { Chip } from '../../components/Chip';
import { NameButton } from '../../components/NameButton';
import { NumberCell, Table } from '../../components/Table';
import type { RecordListed, RecordsListed } from '../../ipc/bindings';
import { stateWords, valueText } from '../../words/mirror';

type Props = {
  listed: RecordsListed;
  /** Opens a record. */
  onOpen?: (record: RecordListed) => void;
};

export function RecordTable({ listed: { object, columns, records }, onOpen }: Props) {
  return (
    <Table
      label={`${object} records`}
      dense
      heads={[
        { name: 'Record ID' },
        ...columns.map(({ label, kind }) => ({ name: label, number: kind === 'number' || kind === 'whole' })),
        { name: 'State' },
      ]}
    >
      {records.map((record) => (
        <tr key={record.id}>
          <td>{onOpen ? <NameButton onOpen={() => onOpen(record)}>{record.id}</NameButton> : record.id}</td>
          {columns.map(({ name, kind }, at) => {
            const text = valueText(record.values[at] ?? null, kind);
            return kind === 'number' || kind === 'whole' ? (
              <NumberCell key={name}>{text}</NumberCell>
            ) : (
              <td key={name} className="selectable" title={text}>
                {text}
              </td>
            );
          })}
          <td>
            <Chip tone={stateWords[record.state].tone} bare>
              {record.winner ? 'Merged' : stateWords[record.state].word}
            </Chip>
          </td>
        </tr>
      ))}
    </Table>
  );
}
