import { Page } from '../../components/Page';

export function FirstRunScreen() {
  return <Page title="Overview">{null}</Page>;
}
