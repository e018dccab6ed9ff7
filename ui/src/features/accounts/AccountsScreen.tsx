import { Page } from '../../components/Page';

export function AccountsScreen() {
  return <Page title="Companies">{null}</Page>;
}
