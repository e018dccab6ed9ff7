/** The mapping as a tab of a replication. */
import { MappingGrid } from './MappingGrid';

export function MappingTab({ replication }: { replication: string }) {
  return <MappingGrid key={replication} name={replication} />;
}
