/** A replication that ran. Recorded answers of the engine, shortened. */
import type {
  Difference,
  KeptPlan,
  PlannedPage,
  PlannedReason,
  PlannedRemark,
  QueueList,
  ReplicationInfo,
  RunCard,
  RunContactsPage,
  RunInfo,
  UnplannedPage,
  UnplannedReason,
} from '../ipc/bindings';

export const replication: ReplicationInfo = {
  connection: 'Practice',
  enabled: true,
  minimum: 40,
  name: 'Leads',
  object: 'Lead',
  score: 'Engagement',
  settings: {
    allow_duplicates: false,
    api: 'auto',
    api_reserve: 0,
    assignment_rules: false,
    batch_size: 200,
    consent_sync: false,
    about: null,
    default_last_name: null,
    converted: 'follow',
    create_missing: true,
    default_company: '(none)',
    deleted: 'block',
    deleted_here: null,
    description: '{% Contact.ContactLastName %}',
    empty_values: 'leave_alone',
    identifier: 'Leadferry_ID__c',
    in_flight: 4,
    keep_updated: true,
    match_email: true,
    old_values: true,
    segments: { any: [], all: [], none: [] },
    required_purposes: [],
    opted_out: 'update',
    most_segments: 25,
    mapping_id_prefix: '',
    mapping_id_suffix: '',
    schedule: 'manual',
    alerts: ['partly_failed', 'failed', 'late', 'sign_in_lost', 'api_low'],
    late_after: 30,
    api_low_at: 10,
    brake_times: 3,
    brake_contacts: 50,
    brake_refused: 20,
    brake_rows: 200,
    partner: null,
    hold_duplicates: 80,
  },
  settings_version: 1,
  standing: {
    blocked: 20,
    on_hold: 0,
    set_up_at: null,
    held: null,
    done: 690,
    last_run: {
      ended_at: 1795739306158,
      reason: null,
      run: 1,
      started_at: 1795739305944,
      state: 'finished',
    },
    needs: [
      {
        done: true,
        need: 'connection',
        text: 'Connected to Practice',
      },
      {
        done: true,
        need: 'identifier',
        text: 'Leadferry_ID__c can store the Leadferry ID',
      },
      {
        done: true,
        need: 'mapping',
        text: 'Every required field is mapped',
      },
      {
        done: true,
        need: 'company',
        text: 'Contacts without a company get "(none)"',
      },
      {
        done: true,
        need: 'contacts',
        text: '710 contacts are selected',
      },
    ],
    org_kind: 'practice',
    runs: 1,
    selected: 710,
    state: 'ready',
    waiting: 0,
  },
};

export const plan: KeptPlan = {
  api: { way: 'collections', why: 'cheaper', collections: 7, bulk: 23 },
  budget: {
    used: 20,
    ours: 20,
    max: 100000,
    reserve: 0,
    room: 99980,
    lasts_until: null,
  },
  counts: {
    blocked: 20,
    calls: 7,
    create: 657,
    left_out: 480,
    match_pending: 0,
    unchanged: 0,
    update: 33,
  },
  cut: 3,
  made_at: 1795739305826,
  matched: true,
  remarked: 4,
  stale: false,
  unsent: [
    {
      contacts: 12,
      cure: 'To send both address lines, fill the street from @street.',
      field: 'address_line2',
      label: 'Address line 2',
    },
  ],
};

export const remarks: PlannedRemark[] = [
  {
    contacts: 3,
    field: 'Title',
    kind: 'shortened',
    message: 'Title (Title): shortened from 140 to 128 characters',
  },
  {
    contacts: 1,
    field: 'Phone',
    kind: 'left_out',
    message: 'Phone (Phone): left out, because “Reception desk: 020 7946 0958” is longer than 40 characters',
  },
];

export const toCreate: PlannedPage = {
  contacts: [
    {
      code: null,
      company: 'Cascade Roofing',
      contact: 'bf3c64905b423d0dfebff5dcab362b78',
      decision: 'create',
      label: null,
      cures: [],
      candidates: [],
      detail: null,
      email: 'MARCUS.MCALLISTER@CASCADE-ROOFING.EXAMPLE',
      id: 3,
      message: null,
      name: 'Marcus McAllister',
      record_id: null,
    },
    {
      code: null,
      company: '长江贸易有限公司',
      contact: 'c7ac640eafdbfa7960559a354da11c55',
      decision: 'create',
      label: null,
      cures: [],
      candidates: [],
      detail: null,
      email: 'fang.ouyang@firma5.example',
      id: 6,
      message: null,
      name: '芳 欧阳',
      record_id: null,
    },
  ],
  next: null,
};

export const toUpdate: PlannedPage = {
  contacts: [
    {
      code: null,
      company: 'Könyvesbolt a Hídnál',
      contact: '22bbaae910d07c42220e0b886958d380',
      decision: 'update',
      label: null,
      cures: [],
      candidates: [],
      detail: {
        fields: 13,
        now: {
          City: null,
          Company: 'Könyvesbolt a Hídnál',
          Country: 'Magyarország',
          Email: 'AGNES.KOVACS@EXAMPLE.NET',
          FirstName: 'Ágnes',
          LastName: 'Kovács',
          MobilePhone: null,
          Phone: null,
          PostalCode: null,
          Street: null,
          Title: 'Account Manager',
          Website: null,
        },
      },
      email: 'agnes.kovacs@example.net',
      id: 17,
      message: null,
      name: 'Ágnes Kovács',
      record_id: '00Q7Q000000000JUAQ',
    },
  ],
  next: null,
};

export const blocked: PlannedPage = {
  contacts: [
    {
      code: 'ambiguous',
      company: 'Penrose Interiors',
      contact: '6630634f2d2040d7c83eeae6cc553d8a',
      decision: 'blocked',
      label: 'More than one match',
      cures: ['link', 'merge', 'create_anyway'],
      candidates: [],
      detail: {
        candidates: [
          {
            name: 'Siobhán Smythe-Parker',
            object: 'Contact',
            record: '0037Q0000000004QAA',
          },
        ],
      },
      email: 'siobhan.smythe-parker@penrose-interiors.example',
      id: 43,
      message:
        'A Contact with this email is already in Salesforce. Link the right record, merge the contacts, or create a new record.',
      name: 'Siobhán Smythe-Parker',
      record_id: null,
    },
    {
      code: 'too_long',
      company: "Olive Growers' Cooperative",
      contact: 'c774bc9f54bd5ce3be7773297a1a28a9',
      decision: 'blocked',
      label: 'Too long',
      cures: ['edit_contact', 'edit_mapping'],
      candidates: [],
      detail: {
        source: 'email',
        target: 'Email',
      },
      email:
        'theodora.antonia.papachristodoulopoulou.purchasing.department@north-macedonian-olive-growers-cooperative.example',
      id: 67,
      message: 'Email (Email) from email: it is longer than 80 characters. Correct it in the contact.',
      name: 'Theodora Papachristodoulopoulou',
      record_id: null,
    },
  ],
  next: null,
};

export const leftOut: UnplannedPage = {
  contacts: [
    {
      company: 'Liffey Software',
      contact: '8b8a1dedc825c11c595a1d47e5e7e8e0',
      email: 'saoirse.nidhomhnaill@liffey-software.example',
      name: 'Saoirse Ní Dhomhnaill',
      why: 'do_not_send',
    },
    {
      company: 'Drahtwerk Ost AG',
      contact: 'ba20fa7b7d5ba53f957b29b20bd9e8d3',
      email: 'guenther.gross@example.net',
      name: 'Günther Groß',
      why: 'below_minimum',
    },
  ],
  next: null,
};

export const difference: Difference = {
  changes: [
    {
      before: {
        known: 'now',
        value: 'Kovács',
      },
      cut: null,
      field: 'LastName',
      label: 'Last Name',
      lost: null,
      value: 'Nordmann',
    },
    {
      before: {
        known: 'now',
        value: 'Account Manager',
      },
      cut: null,
      field: 'Title',
      label: 'Title',
      lost: null,
      value: 'Head of things',
    },
  ],
  kept: [],
  same: [
    {
      field: 'FirstName',
      label: 'First Name',
      value: 'Ágnes',
    },
    {
      field: 'Email',
      label: 'Email',
      value: 'agnes.kovacs@example.net',
    },
  ],
};

export const queue: QueueList = {
  counts: {
    blocked: 20,
    done: 690,
  },
  figures: { waiting: 0, blocked: 20, sent: 690, held: 0 },
  entries: [
    {
      attempts: 0,
      candidates: [
        {
          company: 'Penrose Interiors',
          contact: null,
          email: 'siobhan.smythe-parker@penrose-interiors.example',
          name: 'Siobhán Smythe-Parker',
          object: 'Contact',
          record: '0037Q0000000004QAA',
        },
      ],
      code: 'ambiguous',
      company: 'Penrose Interiors',
      contact: '6630634f2d2040d7c83eeae6cc553d8a',
      cures: ['link', 'merge', 'create_anyway'],
      detail: {
        candidates: [
          {
            name: 'Siobhán Smythe-Parker',
            object: 'Contact',
            record: '0037Q0000000004QAA',
          },
        ],
      },
      due_at: null,
      email: 'siobhan.smythe-parker@penrose-interiors.example',
      label: 'More than one match',
      message:
        'A Contact with this email is already in Salesforce. Link the right record, merge the contacts, or create a new record.',
      name: 'Siobhán Smythe-Parker',
      replication: 'Leads',
      state: 'blocked',
    },
    {
      attempts: 0,
      candidates: [],
      code: 'too_long',
      company: "Olive Growers' Cooperative",
      contact: 'c774bc9f54bd5ce3be7773297a1a28a9',
      cures: ['edit_contact', 'edit_mapping', 'retry'],
      detail: {
        source: 'email',
        target: 'Email',
      },
      due_at: null,
      email:
        'theodora.antonia.papachristodoulopoulou.purchasing.department@north-macedonian-olive-growers-cooperative.example',
      label: 'Text too long',
      message: 'Email (Email) from email: it is longer than 80 characters. Correct it in the contact.',
      name: 'Theodora Papachristodoulopoulou',
      replication: 'Leads',
      state: 'blocked',
    },
  ],
  total: 120,
  next: '1:blocked:0:20',
};

export const runs: RunInfo[] = [
  {
    blocked: {
      ambiguous: 17,
      required_missing: 2,
      too_long: 1,
    },
    bytes_sent: 354158,
    calls: 7,
    calls_left: 99980,
    connection: 1,
    created: 657,
    cure: null,
    ended_at: 1795739306158,
    failed: {},
    figures: { created: 657, updated: 33, unchanged: 0, blocked: 20 },
    id: 1,
    org_id: '00D7Q0000281NvCUAU',
    planned: {
      blocked: 20,
      calls: 7,
      create: 657,
      cut: 3,
      left_out: 480,
      match_pending: 0,
      unchanged: 0,
      update: 33,
    },
    reason: null,
    replication: 1,
    replication_name: 'Leads',
    connection_name: 'Acme',
    sent: 690,
    started_at: 1795739305944,
    state: 'finished',
    stop_kind: null,
    undoes: null,
    deleted: 0,
    restored: 0,
    unchanged: 0,
    updated: 33,
    versions: {
      describe: 2,
      mapping: 1,
      settings: 1,
      periods: 0,
    },
    waiting: 0,
    withdrawn: 0,
  },
];

export const runCard: RunCard = {
  blocked: {
    ambiguous: 17,
    required_missing: 2,
    too_long: 1,
  },
  jobs: [],
  blocks: [
    {
      cause: 'several Salesforce records use this email, or another contact already does',
      code: 'ambiguous',
      cure: 'link the right record, merge the contacts, or create a new record',
      cures: ['link', 'merge', 'create_anyway'],
      example:
        'A Contact with this email is already in Salesforce. Link the right record, merge the contacts, or create a new record.',
      label: 'More than one match',
      rows: 17,
    },
    {
      cause: 'Salesforce requires a value for this field, and the contact has none',
      code: 'required_missing',
      cure: 'fill it in the contact, or give the mapping row a default',
      cures: ['edit_contact', 'edit_mapping', 'retry'],
      example:
        'the contact has no value for what is required: Last Name (LastName) from last_name; fill it in',
      label: 'Required field is empty',
      rows: 2,
    },
    {
      cause: 'the text is longer than its field in Salesforce and isn’t shortened. Emails never are',
      code: 'too_long',
      cure: 'shorten it in the contact, or allow shortening in the mapping row',
      cures: ['edit_contact', 'edit_mapping', 'retry'],
      example: 'Email (Email) from email: it is longer than 80 characters. Correct it in the contact.',
      label: 'Text too long',
      rows: 1,
    },
  ],
  bytes_sent: 354158,
  calls: 7,
  calls_left: 99980,
  connection: 1,
  created: 657,
  cure: null,
  ended_at: 1795739306158,
  failed: {},
  figures: { created: 657, updated: 33, unchanged: 0, blocked: 20 },
  id: 1,
  org_id: '00D7Q0000281NvCUAU',
  planned: {
    blocked: 20,
    calls: 7,
    create: 657,
    cut: 3,
    left_out: 480,
    match_pending: 0,
    unchanged: 0,
    update: 33,
  },
  reason: null,
  refusals: [],
  replication: 1,
  replication_name: 'Leads',
  connection_name: 'Acme',
  rows: [],
  sent: 690,
  started_at: 1795739305944,
  state: 'finished',
  stop_kind: null,
  undoes: null,
  deleted: 0,
  restored: 0,
  unchanged: 0,
  updated: 33,
  versions: {
    describe: 2,
    mapping: 1,
    settings: 1,
    periods: 0,
  },
  waiting: 0,
  withdrawn: 0,
};

export const blockedBy: PlannedReason[] = [
  {
    code: 'ambiguous',
    field: null,
    label: 'More than one match',
    message: 'a contact with this email is already in Salesforce',
    contacts: 18,
    cures: ['link', 'merge', 'create_anyway'],
  },
  {
    code: 'too_long',
    field: 'Email',
    label: 'Value too long',
    message: 'Email is longer than the 80 characters that fit',
    contacts: 2,
    cures: ['edit_contact', 'edit_mapping', 'retry'],
  },
];

export const unplannedReasons: UnplannedReason[] = [
  { why: 'below_minimum', contacts: 470 },
  { why: 'do_not_send', contacts: 10 },
  { why: 'same', contacts: 3 },
];

export const updatedContacts: RunContactsPage = {
  contacts: [
    {
      contact: '22bbaae910d07c42220e0b886958d380',
      name: 'Ágnes Kovács',
      email: 'agnes.kovacs@example.net',
      company: 'Könyvesbolt a Hídnál',
      record_id: '00Q7Q000000000JUAQ',
      fields: [
        { field: 'Title', label: 'Title', sent: 'Head of things', before: 'Account Manager' },
        { field: 'HasOptedOutOfEmail', label: 'Email Opt Out', sent: true, before: null },
      ],
    },
  ],
  next: '4:99',
};
