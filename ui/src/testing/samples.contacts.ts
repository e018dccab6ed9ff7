/** Contacts. Recorded answers of the engine, shortened. */
import type { ContactCard, ContactFieldInfo, ContactsPage } from '../ipc/bindings';

const why = (name: string, points: number) => ({
  name,
  says: name,
  points,
  since: 1795739305728,
  changes_at: null,
});

export const page: ContactsPage = {
  place: null,
  rows: [
    {
      cells: ['Aurélien Lefèvre', 'aurelien.lefevre@example.net', null],
      guid: '4b70c408c5cfc97382c7b85e637d618a',
      name: 'Aurélien Lefèvre',
    },
    {
      cells: ['Élodie Le Goff', 'elodie.le-goff@atelier-bois-clair.example', 'Atelier Bois Clair'],
      guid: 'c5f5a4d8693628c404e8748380f3257e',
      name: 'Élodie Le Goff',
    },
    {
      cells: ['Linnéa Lindqvist', 'linnea.lindqvist@sjo-skog-ab.example', 'Sjö & Skog AB'],
      guid: 'f40b0e1f9da1063223e4e77198f5e049',
      name: 'Linnéa Lindqvist',
    },
  ],
  settling: false,
  total: 1190,
};

export const fields: ContactFieldInfo[] = [
  {
    custom: false,
    kind: 'text',
    label: 'Salutation',
    name: 'salutation',
    scale: null,
    writable: true,
  },
  {
    custom: false,
    kind: 'text',
    label: 'First name',
    name: 'first_name',
    scale: null,
    writable: true,
  },
  {
    custom: false,
    kind: 'text',
    label: 'Middle name',
    name: 'middle_name',
    scale: null,
    writable: true,
  },
  {
    custom: false,
    kind: 'text',
    label: 'Last name',
    name: 'last_name',
    scale: null,
    writable: true,
  },
  {
    custom: false,
    kind: 'text',
    label: 'Suffix',
    name: 'suffix',
    scale: null,
    writable: true,
  },
  {
    custom: false,
    kind: 'text',
    label: 'E-mail',
    name: 'email',
    scale: null,
    writable: true,
  },
];

export const card: ContactCard = {
  accounts: [{ id: 1, name: 'Penrose Interiors', role: 'primary' }],
  company: {
    from: 'own',
    name: 'Penrose Interiors',
  },
  deleted_at: null,
  do_not_send: false,
  fields: {
    business_phone: '0044 1632 960042',
    changed_at: '2026-11-27T00:28:25.52Z',
    city: 'Bristol',
    company_name: 'Penrose Interiors',
    country: 'GB',
    created_at: '2026-11-27T00:28:25.52Z',
    'custom:Customer Since': '2017-04-29',
    'custom:Visits': 21,
    do_not_send: false,
    email: 'siobhan.smythe-parker@penrose-interiors.example',
    first_name: 'Siobhán',
    job_title: 'Student',
    language: 'en',
    last_name: 'Smythe-Parker',
    mobile_phone: '+44 1632 960294',
    postal_code: 'BS1 5TR',
  },
  guid: '6630634f2d2040d7c83eeae6cc553d8a',
  history: [
    {
      errors: [
        {
          code: 'ambiguous',
          message:
            'a contact with this e-mail exists already; link the right record, merge, or choose to create anyway',
        },
      ],
      outcome: 'blocked',
      run: 1,
      sent: null,
    },
  ],
  links: [],
  second_records: [],
  followed: [],
  name: 'Siobhán Smythe-Parker',
  points: {
    Engagement: 60,
  },
  queue: [
    {
      reason: {
        code: 'ambiguous',
        detail: {
          candidates: [
            {
              name: 'Siobhán Smythe-Parker',
              object: 'Contact',
              record: '0037Q0000000004QAA',
            },
          ],
        },
        message:
          'a contact with this e-mail exists already; link the right record, merge, or choose to create anyway',
      },
      replication: 'Leads',
      since: 1795739306030,
      state: 'blocked',
      connection: 'Practice',
      label: 'More than one match',
      cures: ['link', 'create_anyway'],
      candidates: [],
      fields: ['email', 'first_name', 'last_name'],
    },
  ],
  delivery: 'blocked',
  segments: [],
  activities: 0,
  scores: [
    {
      marks: [
        {
          at: 1795739305728,
          points: 60,
          replication: 'Leads',
        },
      ],
      name: 'Engagement',
      points: 60,
      why: [
        why('Has visited us five times or more', 25),
        why('Visits us all the time', 15),
        why('Customer since before 2020', 10),
        why('Gave a mobile number', 10),
      ],
    },
  ],
  sends: [
    {
      at: 1795739306158,
      connection: 'Practice',
      fields: [],
      outcome: 'blocked',
      reason:
        'a contact with this e-mail exists already; link the right record, merge, or choose to create anyway',
      replication: 'Leads',
      run: 1,
    },
  ],
};
