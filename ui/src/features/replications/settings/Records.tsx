/** How records are found, created and updated. What doesn't apply to the object, or to other choices, isn't shown. */
import { Switch, TextInput } from '@mantine/core';
import { Card } from '../../../components/Card';
import { NumberField } from '../../../components/NumberField';
import { Line, Lines } from '../Lines';
import { type CardProps, onOff } from './kept';

export function Records(props: CardProps) {
  const { replication, now, put } = props;
  const isLead = replication.object === 'Lead';
  return (
    <Card title="Records in Salesforce">
      <Lines>
        <Line label="Identifier" help="The field that stores the Leadferry ID and prevents duplicates.">
          <TextInput
            aria-label="Identifier"
            classNames={{ input: 'mono' }}
            error={now.identifier.trim() === '' && 'Enter the API name of a custom field.'}
            value={now.identifier}
            onChange={(event) => put({ identifier: event.currentTarget.value })}
          />
        </Line>
        <Line label="Match by email" help="Finds people who are already in Salesforce by their email.">
          <Switch aria-label="Match by email" {...onOff(props, 'match_email')} />
        </Line>
        <Line label="Create new records" help="Off: only existing records are updated.">
          <Switch aria-label="Create new records" {...onOff(props, 'create_missing')} />
        </Line>
        <Line label="Keep records updated" help="Off: each contact is sent once and then left alone.">
          <Switch aria-label="Keep records updated" {...onOff(props, 'keep_updated')} />
        </Line>
        {isLead && (
          <Line
            label="Default company"
            help="Contacts without a company get this. Leave it empty only if your org doesn’t require one."
          >
            <TextInput
              aria-label="Default company"
              value={now.default_company}
              onChange={(event) => put({ default_company: event.currentTarget.value })}
            />
          </Line>
        )}
        {isLead && now.create_missing && (
          <Line label="Assignment rules" help="Your org’s rules assign an owner to new leads.">
            <Switch aria-label="Assignment rules" {...onOff(props, 'assignment_rules')} />
          </Line>
        )}
        <Line
          label="Allow duplicates"
          help="Saves records even if a duplicate rule in your org warns about them."
        >
          <Switch aria-label="Allow duplicates" {...onOff(props, 'allow_duplicates')} />
        </Line>
        {now.create_missing && (
          <Line
            label="Hold likely duplicates at"
            help="New contacts wait for you while a pulled record is this likely the same person. 0 % never holds."
          >
            <NumberField
              aria-label="Hold likely duplicates at"
              min={0}
              max={100}
              whole
              rightSection="%"
              rightSectionPointerEvents="none"
              value={now.hold_duplicates}
              onChange={(percent) => put({ hold_duplicates: Number(percent) || 0 })}
            />
          </Line>
        )}
        <Line
          label="Keep old values"
          help="Saves what a record held before an update. The run that updated it shows them."
        >
          <Switch aria-label="Keep old values" {...onOff(props, 'old_values')} />
        </Line>
      </Lines>
    </Card>
  );
}
