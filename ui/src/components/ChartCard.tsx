/** A card with numbers as a chart, and as a table for those who want each of them. */
import { Anchor } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Card } from './Card';
import { type Head, Table } from './Table';

type Props = {
  title: string;
  about: ReactNode;
  /** What the chart shows, for those who can't see it. */
  says: string;
  chart: ReactNode;
  /** The class of the chart. */
  className: string | undefined;
  legend?: ReactNode;
  heads: readonly Head[];
  rows: ReactNode;
};

export function ChartCard({ title, about, says, chart, className, legend, heads, rows }: Props) {
  const [asTable, setAsTable] = useState(false);
  return (
    <Card
      title={title}
      about={about}
      aside={
        <Anchor component="button" type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Show chart' : 'Show table'}
        </Anchor>
      }
    >
      {asTable ? (
        <Table label={title} heads={heads}>
          {rows}
        </Table>
      ) : (
        <>
          <div className={className} role="img" aria-label={says}>
            {chart}
          </div>
          {legend}
        </>
      )}
    </Card>
  );
}
