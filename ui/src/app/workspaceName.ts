/** Returns what a workspace is called: its name, else that of its file. */
export function nameOf(workspace: { name: string; path: string }): string {
  const file = workspace.path.split(/[\\/]/).pop() ?? '';
  return workspace.name || file.replace(/\.leadferry$/, '');
}
