import { Page } from '../../components/Page';

export function ReplicationScreen() {
  return <Page title="Replication">{null}</Page>;
}
