import { Page } from '../../components/Page';

export function SearchScreen() {
  return <Page title="Salesforce">{null}</Page>;
}
