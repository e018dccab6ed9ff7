/** A host for tests: answers per command, and events on demand. */
import type { HostError, HostEvent } from '../ipc/bindings';
import type { Answer, Name, Params } from '../ipc/call';
import { setHost } from '../ipc/host';

type Answers = { [N in Name]?: Answer<N> | ((params: Params<N>) => Answer<N> | Promise<Answer<N>>) };

export type FakeHost = {
  /** What was asked for, in order. */
  calls: { name: string; params: unknown }[];
  /** Tells the window that something has happened. */
  tell(event: HostEvent): void;
  /** Changes answers from now on. */
  answer(answers: Answers): void;
};

/** Puts a host in place that answers with these; anything else fails as an unknown command would. */
export function fakeHost(answers: Answers): FakeHost {
  let known: Answers = answers;
  let tell: (event: HostEvent) => void = () => {};
  const fake: FakeHost = {
    calls: [],
    tell: (event) => tell(event),
    answer: (more) => {
      known = { ...known, ...more };
    },
  };
  setHost({
    call: async (name, params) => {
      fake.calls.push({ name, params });
      if (!(name in known)) throw hostError({ message: `no answer for ${name}` });
      const answer: unknown = known[name as Name];
      return typeof answer === 'function' ? answer(params) : answer;
    },
    listen: async (listener) => {
      tell = listener;
    },
  });
  return fake;
}

export function hostError(error: Partial<HostError>): HostError {
  return { code: 'local', message: 'It did not work.', hint: 'Try again.', ...error };
}
