/** A query in Salesforce's own language, which can only read. */
import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { count } from '../../components/numbers';
import { NumberCell, Table } from '../../components/Table';
import { Trouble } from '../../components/Trouble';
import type { SoqlFound } from '../../ipc/bindings';
import { useDo } from '../../ipc/queries';
import { shownCell } from './Results';
import classes from './Search.module.css';
import { Spent } from './Spent';

const EXAMPLE = 'SELECT Status, COUNT(Id) leads FROM Lead GROUP BY Status';

export function SoqlBox({ connection }: { connection: string }) {
  const [text, setText] = useState(EXAMPLE);
  const [found, setFound] = useState<SoqlFound | null>(null);
  const [ran, setRan] = useState('');
  const ask = useDo('search.soql');
  const run = () =>
    ask.mutate(
      { connection, soql: text },
      {
        onSuccess: (answer) => {
          setRan(text);
          setFound(answer);
        },
      },
    );
  const more = () =>
    found?.next &&
    ask.mutate(
      { connection, soql: ran, next: found.next },
      { onSuccess: (answer) => setFound({ ...answer, rows: [...found.rows, ...answer.rows] }) },
    );
  return (
    <>
      <Textarea
        label="SOQL"
        description="SELECT only. Ctrl+Enter runs it."
        autosize
        minRows={3}
        maxRows={12}
        spellCheck={false}
        className={classes.soql}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
        }}
      />
      <div className={classes.buttons}>
        <Button loading={ask.isPending} disabled={!text.trim()} onClick={run}>
          Run
        </Button>
      </div>
      {ask.error && <Trouble error={ask.error} retry={run} />}
      {found && (
        <>
          {found.rows.length > 0 && (
            <Table label="Results" dense heads={found.columns.map((name) => ({ name }))}>
              {found.rows.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of any statement have no identity.
                <tr key={at}>
                  {row.map((value, column) => {
                    const name = found.columns[column];
                    const shown = shownCell(value);
                    return typeof value === 'number' ? (
                      <NumberCell key={name}>{shown}</NumberCell>
                    ) : (
                      <td key={name} className="selectable">
                        {shown}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </Table>
          )}
          <div className={classes.foot}>
            <span role="status" className="num">
              {found.rows.length > 0
                ? `${count(found.rows.length)} of ${count(found.total)} rows`
                : `${count(found.total)} records, no columns to show`}
            </span>
            {found.next && (
              <Button size="xs" variant="default" loading={ask.isPending} onClick={more}>
                Show more
              </Button>
            )}
            <Spent spent={found.spent} />
          </div>
        </>
      )}
    </>
  );
}
