/** Searches to begin with: what people look for in an org, by object. */
import type { Criterion, OrgObject, OrgSearch, SearchField } from '../../ipc/bindings';

export type Starter = { title: string; search: OrgSearch };

type Draft = { title: (plural: string) => string; criteria: readonly Criterion[] };

const row = (field: string, operator: Criterion['operator'], ...values: string[]): Criterion => ({
  field,
  operator,
  values,
});

const lately: readonly Draft[] = [
  {
    title: (all) => `New ${all} of the last 7 days`,
    criteria: [row('CreatedDate', 'in_the_last_days', '7')],
  },
  {
    title: (all) => `${upper(all)} changed in the last 7 days`,
    criteria: [row('LastModifiedDate', 'in_the_last_days', '7')],
  },
];

const drafts: Record<OrgObject, readonly Draft[]> = {
  Lead: [
    ...lately,
    {
      title: () => 'Open leads with an email',
      criteria: [row('IsConverted', 'is', 'no'), row('Email', 'is_set')],
    },
  ],
  Contact: [...lately, { title: () => 'Contacts with an email', criteria: [row('Email', 'is_set')] }],
  Account: [...lately, { title: () => 'Accounts with a website', criteria: [row('Website', 'is_set')] }],
  Campaign: [...lately, { title: () => 'Active campaigns', criteria: [row('IsActive', 'is', 'yes')] }],
};

function upper(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Returns those that the org's own fields can answer. */
export function starters(object: OrgObject, fields: readonly SearchField[]): Starter[] {
  const answers = ({ field, operator }: Criterion) =>
    fields.some(({ name, operators }) => name === field && operators.includes(operator));
  const plural = `${object.toLowerCase()}s`;
  return drafts[object]
    .filter(({ criteria }) => criteria.every(answers))
    .map(({ title, criteria }) => ({ title: title(plural), search: { object, criteria: [...criteria] } }));
}
