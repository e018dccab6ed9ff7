import { Page } from '../../components/Page';

export function ScoresScreen() {
  return <Page title="Scores">{null}</Page>;
}
