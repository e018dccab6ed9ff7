import { Page } from '../../components/Page';

export function HelpScreen() {
  return <Page title="Help">{null}</Page>;
}
