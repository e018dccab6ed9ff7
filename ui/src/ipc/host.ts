/**
 * The host behind the window: the desktop shell, or a fake one in tests.
 *
 * This is the only file that imports Tauri.
 */
import { Channel, invoke } from '@tauri-apps/api/core';
import type { HostEvent } from './bindings';

export type Host = {
  /** Calls a command by name. Rejects with a `HostError`. */
  call(name: string, params: unknown): Promise<unknown>;
  /** Sends everything that happens from now on to `tell`. */
  listen(tell: (event: HostEvent) => void): Promise<void>;
};

const desktop: Host = {
  call: (name, params) => invoke('call', { name, params }),
  listen: async (tell) => {
    const channel = new Channel<HostEvent>();
    channel.onmessage = tell;
    await invoke('listen', { channel });
  },
};

let current: Host = desktop;

export function host(): Host {
  return current;
}

/** Puts another host in the place of the desktop: for tests and the demo. */
export function setHost(other: Host): void {
  current = other;
}
