// A fake host that answers late, at the moment the test chooses.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeHost } from '../testing/fakeHost';
import { show } from '../testing/render';
import { usePreference } from './preferences';

function Density() {
  const [density, setDensity] = usePreference<string>('density', 'usual');
  return (
    <button type="button" onClick={() => setDensity('dense')}>
      {density}
    </button>
  );
}

test('a preference that was just set isn’t replaced by an older answer', async () => {
  let answer: (value: string) => void = () => {};
  const late = new Promise<string>((done) => {
    answer = done;
  });
  const fake = fakeHost({ 'shell.preference': () => late, 'shell.set_preference': null });
  await show(Density);
  await userEvent.click(await screen.findByText('usual'));
  await screen.findByText('dense');
  answer('roomy');
  await late;
  await waitFor(() => expect(fake.calls.map(({ name }) => name)).toContain('shell.set_preference'));
  await new Promise((done) => setTimeout(done));
  expect(screen.queryByText('dense')).toBeTruthy();
});
