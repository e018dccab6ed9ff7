import { Page } from '../../components/Page';

export function ImportScreen() {
  return <Page title="Import contacts">{null}</Page>;
}
