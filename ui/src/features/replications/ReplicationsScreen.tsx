import { Page } from '../../components/Page';

export function ReplicationsScreen() {
  return <Page title="Replications">{null}</Page>;
}
