import { expect, test } from '@jest/globals';
import { carry, delivered, publish, readBack, run } from '../../commands/report-world.ts';
import { world } from '../../fakes/world.ts';
import type { World } from '../../fakes/world.ts';

const counted = ({ hosting }: World): Record<string, number> => {
  const names = hosting.calls.splice(0);
  return Object.fromEntries([...new Set(names)].map((name) => [name, names.filter((each) => each === name).length]));
};

const pullAt = (made: World, pull: number, commit: string): void => {
  made.hosting.pulls.set(pull, { mergeCommit: commit, firstCommitAt: null });
};

/** A version with a pull request, once an hour. */
const released = async (made: World, nth: number, hours: number): Promise<void> => {
  const commit = String(nth).padStart(40, '0');
  const date = new Date(made.ports.clock.now().getTime() - hours * 3_600_000).toISOString();
  const change = { commit, type: 'feat', subject: 'a change', breaking: false, author: 'Ana', pull: nth + 1, date };
  await publish(made, `1.${nth}.0`, nth === 0 ? null : `1.${nth - 1}.0`, hours * 60, [change]);
  pullAt(made, nth + 1, commit);
};

test('10,000 records take 51 calls and a look for a report before, the next report one, and 30 new ones one', async () => {
  const made = await world();
  for (let id = 1; id <= 10_000; id += 1) delivered(made, id, '1.0.0', 40_000 - id);
  await run(made);
  expect(counted(made)).toEqual({ ledgerPage: 51, keptFiles: 1 });
  await run(made);
  for (let id = 10_001; id <= 10_030; id += 1) delivered(made, id, '1.0.0', 40_000 - id);
  await run(made);
  expect(counted(made)).toEqual({ ledgerPage: 2 });
  expect((await readBack(made)).deliveries).toHaveLength(10_030);
});

test('with 300 releases of these 90 days, whose tags carry their changes, it is one call for a hundred pull requests more', async () => {
  const made = await world();
  for (let nth = 0; nth < 300; nth += 1) await released(made, nth, 600 - 2 * nth);
  carry(made);
  for (let id = 1; id <= 10_000; id += 1) delivered(made, id, `1.${Math.floor((id - 1) / 34)}.0`, 40_000 - 3 * id);
  made.hosting.calls.length = 0;
  const { notes, report } = await run(made);
  expect(counted(made)).toEqual({ ledgerPage: 51, keptFiles: 1, pullStarts: 3 });
  expect([notes, report?.changes.length]).toEqual([[], 300]);
  await run(made);
  expect(counted(made)).toEqual({ ledgerPage: 1 });
});
