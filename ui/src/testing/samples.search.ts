/** Sample answers of an org that is searched. */
import type { ConnectionInfo, Found, SearchFields } from '../ipc/bindings';
import { answers } from './demo.app';

export const acme = answers['connections.list'][0] as ConnectionInfo;

export const leadFields: SearchFields = {
  connection: 'Acme',
  object: 'Lead',
  label: 'Lead',
  label_plural: 'Leads',
  fields: [
    {
      name: 'Email',
      label: 'Email',
      form: 'text',
      operators: ['contains', 'is', 'is_set'],
      sortable: true,
      choices: [],
      custom: false,
    },
    {
      name: 'Status',
      label: 'Status',
      form: 'picklist',
      operators: ['is_one_of', 'is_empty'],
      sortable: true,
      choices: [{ value: 'Open', label: 'Open' }],
      custom: false,
    },
  ],
  columns: ['Name', 'Email'],
  read_at: Date.now(),
  not_refreshed: null,
  calls: 0,
};

export const leads: Found = {
  connection: 'Acme',
  columns: [
    { name: 'Name', label: 'Full Name', form: 'text', sortable: true },
    { name: 'Email', label: 'Email', form: 'text', sortable: true },
  ],
  records: [
    {
      id: '00Q000000000001EAA',
      name: 'Ada Lovelace',
      converted: false,
      values: ['Ada Lovelace', 'ada@example.com'],
      linked: null,
      address: 'https://acme.my.salesforce.com/lightning/r/Lead/00Q000000000001EAA/view',
    },
    {
      id: '00Q000000000002EAA',
      name: 'Grace Hopper',
      converted: false,
      values: ['Grace Hopper', null],
      linked: { guid: 'g2', name: 'Grace Hopper' },
      address: null,
    },
  ],
  total: 1204,
  cut_off: false,
  next: '/services/data/v66.0/query/01g-2000',
  query: 'SELECT Id FROM Lead',
  spent: { calls: 1, used: 788, allowed: 15000 },
};
