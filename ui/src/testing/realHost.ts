/**
 * The real host for tests: the app's own commands, on a machine that the test has for itself.
 *
 * The host is `crates/commands/examples/serve_door`, which says how a machine of each kind is made.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join, resolve } from 'node:path';
import { afterEach, inject, onTestFinished } from 'vitest';
import type { HostEvent } from '../ipc/bindings';
import type { Answer, Name, Params } from '../ipc/call';
import { setHost } from '../ipc/host';
import './recording.js';

declare global {
  interface Window {
    // Defined in `recording.js`.
    recordedControls(): { seen: string[]; used: string[] };
    nameOfControl(node: Element): string;
  }
}

/**
 * What a machine holds: `new` has never run the app, `empty` has a workspace without anything, `practice` the sample contacts and
 * a replication into the practice org, `planned` the same with a plan, and `sent` the same after its first run.
 */
export type Kind = 'new' | 'empty' | 'practice' | 'planned' | 'sent';

/** What has happened on the desktop. */
export type DesktopState = {
  /** Pages opened in the browser. */
  opened: string[];
  /** Title and text of each notification. */
  notified: [string, string][];
  /** For each time that the window was closed, whether work goes on. */
  closed: boolean[];
};

export type RealHost = {
  /** Calls a command past the window, to set a test up or to see what the workspace holds. */
  call<N extends Name>(name: N, params: Params<N>): Promise<Answer<N>>;
  /** Says what every file dialog returns from now on; `null` cancels it. */
  pick(path: string | null): Promise<void>;
  /** Tells the window what only a desktop notices, such as that its user closes it. */
  tell(event: HostEvent): void;
  /** Returns what has happened on the desktop so far. */
  desktop(): Promise<DesktopState>;
  /** Returns the path of a name in the user's home. */
  path(name: string): string;
  /** Writes a file into the user's home and lets the next dialogs return it. */
  file(name: string, text: string | Uint8Array): Promise<string>;
};

/** The name of the replication of `practice` and what follows it. */
export const REPLICATION = 'Leads from good contacts';

const agent = new Agent({ keepAlive: true });

/** Where it is kept which controls were used; `cargo xtask controls` reads it. */
const controls = resolve(process.env.CARGO_TARGET_DIR ?? '../target', 'controls');

/** Whether the host in place is a real one. */
let isReal = false;

// Runs before the page is taken down: what registers later runs earlier.
afterEach(() => {
  const recorded = JSON.stringify(window.recordedControls());
  if (!isReal) return;
  isReal = false;
  mkdirSync(controls, { recursive: true });
  appendFileSync(join(controls, `page-${process.pid}.jsonl`), `${recorded}\n`);
});

/** Begins a machine and puts its host in place. It ends with the test. */
export async function realHost(kind: Kind): Promise<RealHost> {
  isReal = true;
  const { machine, home } = await ask<{ machine: number; home: string }>('new', { kind });
  const ended = new AbortController();
  onTestFinished(async () => {
    ended.abort();
    await ask('close', { machine });
  });
  // What is answered after the end of the test finds no window any more.
  const inTime =
    <T>(then: (value: T) => void) =>
    (value: T) =>
      ended.signal.aborted ? undefined : then(value);
  const call = (name: string, params: unknown) =>
    new Promise<unknown>((done, failed) => {
      ask<unknown>('call', { machine, name, params }).then(inTime(done), inTime(failed));
    });
  let tell: (event: HostEvent) => void = () => {};
  setHost({
    call,
    listen: (listener) => {
      tell = listener;
      return follow(machine, listener, ended.signal);
    },
  });
  const path = (name: string) => join(home, name);
  const pick = (picked: string | null) => ask<void>('pick', { machine, path: picked });
  return {
    call: <N extends Name>(name: N, params: Params<N>) => call(name, params) as Promise<Answer<N>>,
    pick,
    tell: (event) => tell(event),
    desktop: () => ask<DesktopState>('desk', { machine }),
    path,
    file: async (name, text) => {
      writeFileSync(path(name), text);
      await pick(path(name));
      return path(name);
    },
  };
}

/** Tells what has happened, then returns; goes on telling until the test has ended. */
async function follow(machine: number, tell: (event: HostEvent) => void, ended: AbortSignal): Promise<void> {
  let after = 0;
  const next = async () => {
    const events = await ask<HostEvent[]>('events', { machine, after }, ended);
    after += events.length;
    for (const event of events) tell(event);
  };
  const goOn = async () => {
    while (!ended.aborted) await next();
  };
  await next();
  // It ends with an error when the test does.
  void goOn().catch(() => {});
}

/** Asks the server. Rejects with what it answers, for commands a `HostError`. */
function ask<T>(operation: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const door = inject('door');
  if (!door) throw new Error('The host isn’t built: run "cargo xtask test" once.');
  const { address, token } = door;
  return new Promise((done, failed) => {
    const options = {
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${token}` },
      ...(signal ? { signal } : {}),
    };
    const sent = request(`${address}/${operation}`, options, async (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      for await (const part of answer) text += part;
      const value = JSON.parse(text);
      if (answer.statusCode === 200) done(value);
      else failed(value);
    });
    sent.on('error', failed);
    sent.end(JSON.stringify(body));
  });
}
