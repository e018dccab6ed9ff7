import { Page } from '../../components/Page';

export function ContactsScreen() {
  return <Page title="Contacts">{null}</Page>;
}
