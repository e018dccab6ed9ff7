/** Typed calls to the host. */
import type { Commands, HostError } from './bindings';
import { host } from './host';

export type Name = keyof Commands;
export type Params<N extends Name> = Commands[N]['params'];
export type Answer<N extends Name> = Commands[N]['answer'];

/** Asks for the passphrase of the secrets file; false if the user declines. */
let askPassphrase: (error: HostError) => Promise<boolean> = async () => false;

/** Says who asks for the passphrase; one at a time. */
export function onPassphrase(ask: (error: HostError) => Promise<boolean>): void {
  askPassphrase = ask;
}

/** Asks the user to review and approve the workspace; false if they decline. */
let askApproval: (error: HostError) => Promise<boolean> = async () => false;

/** Says who asks for approval; one at a time. */
export function onUnapproved(ask: (error: HostError) => Promise<boolean>): void {
  askApproval = ask;
}

/** Does an act. Where the workspace isn't approved yet, the user is asked and the act is tried once more. */
export async function act<N extends Name>(name: N, params: Params<N>): Promise<Answer<N>> {
  try {
    return await call(name, params);
  } catch (thrown) {
    const error = asHostError(thrown);
    if (error.code !== 'unapproved' || !(await askApproval(error))) throw error;
    return call(name, params);
  }
}

/** Calls a command. Where it needs the passphrase, the user is asked and the command is called once more. */
export async function call<N extends Name>(name: N, params: Params<N>): Promise<Answer<N>> {
  for (;;) {
    try {
      return (await host().call(name, params)) as Answer<N>;
    } catch (thrown) {
      const error = asHostError(thrown);
      if (error.code !== 'passphrase' || !(await askPassphrase(error))) throw error;
    }
  }
}

/** Turns whatever was thrown into an error of the host. */
export function asHostError(thrown: unknown): HostError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'message' in thrown) {
    return thrown as HostError;
  }
  return {
    code: 'local',
    message: 'Something went wrong in the window.',
    cause: thrown instanceof Error ? thrown.message : String(thrown),
    hint: 'Try again. If it happens again, restart the app.',
  };
}
