/** The window's title: the workspace that is open, then the app. */
import { useEffect } from 'react';
import { visible } from '../components/visible';
import { useAsk } from '../ipc/queries';
import { nameOf } from './workspaceName';

export function useTitle(): void {
  const workspace = useAsk('workspaces.current', {}).data;
  const name = workspace ? visible(nameOf(workspace)) : null;
  useEffect(() => {
    document.title = name ? `${name} – Leadferry` : 'Leadferry';
  }, [name]);
}
