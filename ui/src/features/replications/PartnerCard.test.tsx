// A fake host: partners take two replications and people in several places.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { PartnerSide } from '../../ipc/bindings';
import { fakeHost } from '../../testing/fakeHost';
import { expectAccessible, show } from '../../testing/render';
import { PartnerCard } from './PartnerCard';

const side = (replication: string, object: string, staying: number): PartnerSide => ({
  replication,
  object,
  selected: 1200,
  linked: 700,
  new: 300,
  to_partner: 200,
  staying,
  staying_people: [{ contact: 'guid', name: 'Ada Lovelace', email: null, company: null }].slice(0, staying),
});

const preview = {
  leads: side('Leads', 'Lead', 1),
  contacts: side('Contacts', 'Contact', 0),
  contacts_segment: 'Customers',
};

test('a partner is chosen with a segment after a look at who goes where', async () => {
  const fake = fakeHost({
    'replications.partner': { partner: null, contacts_segment: null, possible: ['Contacts'] },
    'segments.list': [
      {
        name: 'Customers',
        description: '',
        says: null,
        unread: null,
        unfit: null,
        members: 3,
        calculated_at: null,
      },
    ],
    'replications.preview_partner': preview,
    'replications.set_partner': preview,
  });
  const { container } = await show(() => <PartnerCard name="Leads" />);
  await userEvent.click(await screen.findByRole('combobox', { name: 'Partner' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Contacts' }));
  const segment = 'New contacts that become contacts in Salesforce';
  await userEvent.click(await screen.findByRole('combobox', { name: segment }));
  await userEvent.click(await screen.findByRole('option', { name: 'Members of Customers' }));
  expect(await screen.findByText(/1 contact stays a lead although the segment says otherwise/)).toBeTruthy();
  expect(await screen.findByRole('table', { name: 'Who goes where' })).toBeTruthy();
  await expectAccessible(container);
  await userEvent.click(screen.getByRole('button', { name: 'Save partner' }));
  const saved = fake.calls.filter(({ name }) => name === 'replications.set_partner');
  expect(saved.map(({ params }) => params)).toEqual([
    { name: 'Leads', partner: 'Contacts', contacts_segment: 'Customers' },
  ]);
});

test('without a replication of the other object there is nothing to choose', async () => {
  const fake = fakeHost({ 'replications.partner': { partner: null, contacts_segment: null, possible: [] } });
  const { container } = await show(() => <PartnerCard name="Leads" />);
  await waitFor(() => expect(fake.calls.length).toBeGreaterThan(0));
  expect(container.querySelector('form')).toBeNull();
});
