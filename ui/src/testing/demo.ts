/**
 * The window without its host, for looking at screens in a browser: `npm run dev`, then http://localhost:5173.
 *
 * Each concept adds its sample answers in a file of its own, `demo.<concept>.ts`, which is found by its name.
 */
import type { Name } from '../ipc/call';
import { setHost } from '../ipc/host';
import { hostError } from './fakeHost';

type Answers = Partial<Record<Name, unknown>>;

export function serveDemo(): void {
  const parts = import.meta.glob<{ answers: Answers }>('./demo.*.ts', { eager: true });
  const answers: Answers = Object.assign({}, ...Object.values(parts).map((part) => part.answers));
  setHost({
    call: async (name, params) => {
      const answer = answers[name as Name];
      if (answer === undefined) throw hostError({ message: `the demo has no answer for ${name}` });
      return typeof answer === 'function' ? answer(params) : answer;
    },
    listen: async () => {},
  });
}
