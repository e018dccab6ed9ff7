/** Serves the real host to the tests: started once per run, stopped at its end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestProject } from 'vitest/node';

/** Where the host listens, and what it wants to hear first. */
export type Served = { address: string; token: string };

declare module 'vitest' {
  export interface ProvidedContext {
    /** `null` where the host isn't built: tests with fakes run without it. */
    door: Served | null;
  }
}

const program = resolve(process.env.CARGO_TARGET_DIR ?? '../target', 'debug/examples/serve_door');

export default async function serveDoor(project: TestProject): Promise<() => void> {
  if (!existsSync(program)) {
    project.provide('door', null);
    return () => {};
  }
  const serving = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  project.provide('door', await firstLine(serving));
  // It ends with its standard input, also when this process is killed.
  return () => serving.stdin?.end();
}

function firstLine(serving: ChildProcess): Promise<Served> {
  return new Promise((done, failed) => {
    const { stdout } = serving;
    if (!stdout) return failed(new Error('the host has no standard output'));
    createInterface(stdout).once('line', (line) => done(JSON.parse(line)));
    serving.once('error', failed);
    serving.once('exit', (code) => failed(new Error(`the host ended with ${code}`)));
  });
}
