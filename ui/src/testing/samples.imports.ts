/** A file of contacts. Recorded answers of the engine, shortened. */
import type { ImportTarget, PastImport, Preview, Trial } from '../ipc/bindings';

export const preview: Preview = {
  bytes: 160,
  columns: [
    {
      dates: null,
      decimal: null,
      record_ids: false,
      field: 'first_name',
      name: 'First name',
      new_field: null,
      consent: null,
      samples: ['Ada', 'Grace', 'No'],
      sure: 'sure',
    },
    {
      dates: null,
      decimal: null,
      record_ids: false,
      field: 'last_name',
      name: 'Last name',
      new_field: null,
      consent: null,
      samples: ['Lovelace', 'Hopper', 'One'],
      sure: 'sure',
    },
    {
      dates: null,
      decimal: null,
      record_ids: false,
      field: 'email',
      name: 'E-mail',
      new_field: null,
      consent: null,
      samples: ['ada@new.example', 'grace@new.example', 'not-an-address'],
      sure: 'sure',
    },
    {
      dates: null,
      decimal: null,
      record_ids: false,
      field: 'company_name',
      name: 'Company',
      new_field: null,
      consent: null,
      samples: ['Engines', 'Navy'],
      sure: 'sure',
    },
    {
      dates: null,
      decimal: null,
      record_ids: false,
      field: null,
      name: 'Born',
      new_field: null,
      consent: null,
      samples: ['1815-12-10', '1906-12-09'],
      sure: 'unmatched',
    },
  ],
  delimiter: ';',
  encoding: 'UTF-8',
  format: 'csv',
  imported_before: false,
  quote: '"',
  sheet: null,
  sheets: [],
  header_row: 1,
  first_rows: [{ number: 1, cells: ['Name', 'E-mail'] }],
  warnings: [],
};

export const trial: Trial = {
  created: 2,
  faults: [
    {
      cells: ['No', 'One', 'not-an-address', '', ''],
      column: 'E-mail',
      line: 4,
      reason: "this isn't an email address",
    },
  ],
  faulty: 1,
  finished: true,
  opted_out: 1,
  rows: 3,
  skipped: 0,
  unchanged: 0,
  updated: 0,
  warning_count: 0,
  warnings: [],
};

export const targets: ImportTarget[] = [
  {
    field: 'full_name',
    group: 'contact',
    label: 'Full name',
  },
  {
    field: 'salutation',
    group: 'contact',
    label: 'Salutation',
  },
  {
    field: 'first_name',
    group: 'contact',
    label: 'First name',
  },
  {
    field: 'middle_name',
    group: 'contact',
    label: 'Middle name',
  },
  {
    field: 'last_name',
    group: 'contact',
    label: 'Last name',
  },
  {
    field: 'suffix',
    group: 'contact',
    label: 'Suffix',
  },
  {
    field: 'email',
    group: 'contact',
    label: 'Email',
  },
  {
    field: 'email_2',
    group: 'contact',
    label: 'Second email',
  },
];

export const past: PastImport[] = [
  {
    act: 1,
    created: 1190,
    ended_at: 1795739305606,
    faulty: 3,
    fixed: 0,
    kind: 'contacts',
    file_name: 'contacts.csv',
    id: 1,
    mendable: true,
    mended: false,
    mends: null,
    rows: 1200,
    skipped: 0,
    started_at: 1795739305469,
    state: 'finished',
    unchanged: 0,
    updated: 7,
  },
];
