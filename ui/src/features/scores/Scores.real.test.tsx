import { expect, test } from 'vitest';
import type { Rule } from '../../ipc/bindings';
import { openApp } from '../../testing/app';
import { type RealHost, realHost } from '../../testing/realHost';
import { choose, click, fill, find, lose, press, see, until } from '../../testing/user';

async function score(): Promise<RealHost> {
  const host = await realHost('practice');
  await host.call('activities.add_type', { name: 'visit', description: '' });
  const rule = { name: 'Has a website', points: 5, when: { field: 'website', op: 'is_set' } } as Rule;
  await host.call('scores.set', { score: 'Engagement', change: { rules: [rule] } });
  await openApp('/scores/Engagement');
  await find('button', 'Add rule');
  return host;
}

const rules = async (host: RealHost) => (await host.call('scores.show', { name: 'Engagement' })).rule_list;

test('saved rules are undone', async () => {
  const host = await score();
  const before = await rules(host);
  await fill('Points, rule 1', '9');
  await press('Save rules');
  await until(async () => expect((await rules(host))[0]?.points).toBe(9));
  await press('Undo: Rules saved.');
  await until(async () => expect(await rules(host)).toEqual(before));
});

test('a score is made, and a name that is taken is told in the dialog', async () => {
  const host = await realHost('practice');
  await openApp('/scores');
  await press('New score');
  await fill('Name', 'Engagement', 'New score');
  await fill('Description', 'What they did', 'New score');
  await press('Add score');
  await see('already');
  await fill('Name', 'Interest', 'New score');
  await press('Add score');
  await until(async () => expect(await host.call('scores.list', {})).toHaveLength(2));
  await press('Recalculate');
});

test('a rule on an activity says how often it gives its points and how long they last', async () => {
  const host = await score();
  const before = (await rules(host)).length;
  const place = `rule ${before + 1}`;
  await press('Add rule');
  await fill(`Points, ${place}`, '7');
  await fill(`Name, ${place}`, 'Visits');
  await choose(`Field, ${place} 1`, 'visit');
  await click('checkbox', `Every time, ${place}`);
  await fill(`At most, ${place}`, '3');
  await fill(`Expire after, ${place}`, '30 days');
  await press(`Add an end date, ${place}`);
  await fill(`Expire on, ${place}`, '12/31/2030');
  await press('Save rules');
  await until(async () =>
    expect((await rules(host)).at(-1)).toMatchObject({
      name: 'Visits',
      points: 7,
      each: true,
      maximum: 3,
      valid_for: '30 days',
      valid_until: '2030-12-31',
    }),
  );
  expect(await rules(host)).toHaveLength(before + 1);
});

test('a score alerts, is renamed, disabled, enabled, and is not removed while it is used', async () => {
  const host = await score();
  await fill('Alert me when a contact reaches', '50');
  await press('Save alert');
  await until(async () =>
    expect((await host.call('scores.show', { name: 'Engagement' })).notify_at).toBe(50),
  );
  await press('Recalculate');
  await press('Rename');
  await fill('Name', 'Interest', 'Rename Engagement');
  await press('Save');
  await until(() => expect(window.location.hash).toBe('#/scores/Interest'));
  await press('Disable');
  await press('Resume');
  await press('Remove score…');
  await press('Cancel');
  await lose('Remove Interest');
  expect(await host.call('scores.list', {})).toHaveLength(1);
});
