import { Page } from '../../components/Page';

export function SetUpScreen() {
  return <Page title="Connect my Salesforce">{null}</Page>;
}
