/** The first screen: how to begin, until there is a workspace; then the overview. */
import { Rows } from '../components/Rows';
import { Trouble } from '../components/Trouble';
import { FirstRunScreen } from '../features/first-run/FirstRunScreen';
import { OverviewScreen } from '../features/overview/OverviewScreen';
import { useAsk } from '../ipc/queries';

export function Home() {
  const open = useAsk('workspaces.current', {});
  if (open.isError) return <Trouble error={open.error} retry={() => void open.refetch()} />;
  if (open.isPending) return <Rows />;
  return open.data ? <OverviewScreen /> : <FirstRunScreen />;
}
