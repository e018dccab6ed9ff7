/** What happens when a record or a contact goes away, is converted, or loses a value. */
import { Autocomplete, Select, TextInput } from '@mantine/core';
import { Card } from '../../../components/Card';
import { CheckedText } from '../../../components/CheckedText';
import { useAsk } from '../../../ipc/queries';
import { Line, Lines } from '../Lines';
import classes from '../Replications.module.css';
import { farewellRow, readFarewell } from './farewell';
import type { CardProps, Kept } from './kept';

export function Changes({ replication, now, put }: CardProps) {
  return (
    <Card title="When something changes">
      <Lines>
        {now.create_missing && (
          <Line label="A record is deleted in Salesforce">
            <Select
              aria-label="A record is deleted in Salesforce"
              allowDeselect={false}
              data={[
                { value: 'block', label: 'Block the contact' },
                { value: 'recreate', label: 'Create a new record' },
              ]}
              value={now.deleted}
              onChange={(value) => value && put({ deleted: value as Kept['deleted'] })}
            />
          </Line>
        )}
        {replication.object === 'Lead' && (
          <Line label="A lead is converted in Salesforce">
            <Select
              aria-label="A lead is converted in Salesforce"
              allowDeselect={false}
              data={[
                { value: 'follow', label: 'Link the contact it became' },
                { value: 'block', label: 'Block the contact' },
              ]}
              value={now.converted}
              onChange={(value) => value && put({ converted: value as Kept['converted'] })}
            />
          </Line>
        )}
        {now.keep_updated && (
          <Line label="A value is cleared here">
            <Select
              aria-label="A value is cleared here"
              allowDeselect={false}
              data={[
                { value: 'leave_alone', label: 'Keep the value in Salesforce' },
                { value: 'clear', label: 'Clear the value in Salesforce' },
              ]}
              value={now.empty_values}
              onChange={(value) => value && put({ empty_values: value as Kept['empty_values'] })}
            />
          </Line>
        )}
        <Line
          label="A contact opts out of email"
          help="The opt-out itself always goes to the record, if its field is mapped."
        >
          <Select
            aria-label="A contact opts out of email"
            allowDeselect={false}
            data={[
              { value: 'update', label: 'Update existing records, create none' },
              { value: 'like_others', label: 'Send like other contacts' },
              { value: 'only_opt_out', label: 'Send only the opt-out' },
            ]}
            value={now.opted_out}
            onChange={(value) => value && put({ opted_out: value as Kept['opted_out'] })}
          />
        </Line>
        <Line
          label="A contact is deleted here"
          help="The record stays in Salesforce. You can mark it by writing a text to one of its fields."
        >
          <Farewell replication={replication} now={now} put={put} />
        </Line>
      </Lines>
    </Card>
  );
}

function Farewell({ replication, now, put }: CardProps) {
  const grid = useAsk('mappings.grid', { name: replication.name });
  const said = readFarewell(now.deleted_here);
  if (!said) {
    // Written on the command line, and more than the two fields can say.
    return (
      <TextInput
        aria-label="A contact is deleted here"
        classNames={{ input: 'mono' }}
        value={now.deleted_here}
        onChange={(event) => put({ deleted_here: event.currentTarget.value })}
      />
    );
  }
  const fields = (grid.data?.rows ?? [])
    .filter((row) => row.state !== 'not_writable' && row.source?.kind !== 'identifier')
    .map((row) => row.target);
  const change = (part: Partial<typeof said>) => put({ deleted_here: farewellRow({ ...said, ...part }) });
  return (
    <div className={classes.pair}>
      <Autocomplete
        label="Field"
        placeholder="None: change nothing"
        data={[...new Set(fields)]}
        limit={100}
        value={said.field}
        onChange={(field) => change({ field })}
      />
      {said.field.trim() !== '' && (
        <CheckedText
          label="Text"
          wrong={said.text.trim() === '' ? 'Enter the text, or clear the field.' : null}
          placeholder="For example, Deleted in Leadferry"
          value={said.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
