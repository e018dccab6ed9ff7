/** The fields of a contact, grouped as people look for them. */
import type { ContactFieldInfo, JsonValue } from '../../../ipc/bindings';

const ADDRESS = ['address_line1', 'address_line2', 'postal_code', 'city', 'state', 'country'];
/** These have a part of their own. */
export const OPT_OUTS = ['email_opt_out', 'phone_opt_out', 'fax_opt_out'];
const WORK = [
  'job_title',
  'department',
  'company_name',
  'business_phone',
  'fax',
  'website',
  'source',
  'campaign',
  'status',
  'owner',
];

export type FieldGroup = {
  title: 'Person' | 'Address' | 'Work' | 'Custom fields';
  fields: readonly ContactFieldInfo[];
};

/** Returns the fields that can be written by hand, in the order in which addresses and jobs are written. */
export function groups(fields: readonly ContactFieldInfo[]): FieldGroup[] {
  const written = fields.filter((field) => field.writable && !OPT_OUTS.includes(field.name));
  const of = (title: FieldGroup['title'], belongs: (field: ContactFieldInfo) => boolean): FieldGroup => ({
    title,
    fields: written.filter(belongs).sort((one, other) => place(one.name) - place(other.name)),
  });
  const isAddress = ({ name }: ContactFieldInfo) => ADDRESS.includes(name);
  const isWork = ({ name }: ContactFieldInfo) => WORK.includes(name);
  return [
    of('Person', (field) => !field.custom && !isAddress(field) && !isWork(field)),
    of('Address', isAddress),
    of('Work', isWork),
    of('Custom fields', (field) => field.custom),
  ];
}

/** Fields of one list keep its order; the sort is stable, so that all others keep their own. */
function place(name: string): number {
  return Math.max(ADDRESS.indexOf(name), WORK.indexOf(name));
}

export function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
