import { expect, jest, test } from '@jest/globals';
import { isOpen } from '../../src/rules/live.ts';
import type { World } from '../fakes/world.ts';
import { race } from './race.ts';
import type { Race } from './race.ts';

// hundreds of whole stories; each takes milliseconds
jest.setTimeout(120_000);

/** The first of so many seeds in which something of the promise broke. */
const firstBroken = async (
  seeds: number,
  promise: string,
  spoil?: (base: World) => void
): Promise<Race | undefined> => {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const raced = await race(seed, spoil);
    if (raced.problems.some((problem) => problem.startsWith(promise))) return raced;
  }
  return undefined;
};

test('whatever runs, people and accidents do at the same time, R1, R2, R4, R5 and R7 hold', async () => {
  expect(await firstBroken(100, '')).toBeUndefined();
});

test('a seed tells the same story every time', async () => {
  for (const seed of [3, 4, 17]) expect((await race(seed)).story).toEqual((await race(seed)).story);
});

test('a queue that does not see others breaks R1', async () => {
  const broken = await firstBroken(40, 'R1', ({ hosting }) => {
    const facts = hosting.facts.bind(hosting);
    hosting.facts = async (question) => {
      const hosted = await facts(question);
      const newest = Math.max(...hosting.all.map(({ id }) => id));
      const seen = [...hosted.records].map(
        ([name, records]) => [name, records.filter((each) => !isOpen(each) || each.id === newest)] as const
      );
      return { ...hosted, records: new Map(seen) };
    };
  });
  expect(broken).toBeDefined();
});

test('a record that does not say when it begins breaks R2', async () => {
  const broken = await firstBroken(40, 'R2', ({ hosting }) => {
    const setStatus = hosting.setStatus.bind(hosting);
    hosting.setStatus = (id, update) => (update.state === 'in_progress' ? Promise.resolve() : setStatus(id, update));
  });
  expect(broken).toBeDefined();
});

test('a list that lags and is believed breaks R2: the success of a run that has just ended becomes an error', async () => {
  const broken = await firstBroken(40, 'R2: the success', ({ hosting }) => {
    hosting.recordState = () => Promise.resolve('in_progress');
  });
  expect(broken).toBeDefined();
});

test('an environment whose history is forgotten breaks R4', async () => {
  const broken = await firstBroken(60, 'R4', ({ hosting }) => {
    const facts = hosting.facts.bind(hosting);
    hosting.facts = async (question) => {
      const hosted = await facts(question);
      const open = (hosted.records.get('production') ?? []).filter(isOpen);
      return { ...hosted, records: new Map([...hosted.records, ['production', open]]) };
    };
  });
  expect(broken).toBeDefined();
});

test('a stop that nobody sees breaks R5', async () => {
  const broken = await firstBroken(60, 'R5', ({ hosting }) => {
    const facts = hosting.facts.bind(hosting);
    hosting.facts = async (question) => ({ ...(await facts(question)), stops: [] });
  });
  expect(broken).toBeDefined();
});

test('a tag that can be moved is noticed', async () => {
  const broken = await firstBroken(40, 'the tag moved', ({ hosting }) => {
    hosting.createTag = async ({ name, commit, message }) => {
      hosting.tags.set(name, { commit, message });
      return 'created';
    };
  });
  expect(broken).toBeDefined();
});
