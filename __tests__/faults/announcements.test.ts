import { expect, test } from '@jest/globals';
import type { LockStanding } from '../../src/domain/comment-lock.ts';
import { announcementRace } from './announcement-race.ts';
import type { World } from '../fakes/world.ts';

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed + 1);

test('of announcements that race, stand still and die none ever doubles a comment, and the last one puts all in order', async () => {
  const stories: string[] = [];
  for (const seed of SEEDS) {
    const { story, problems } = await announcementRace(seed);
    expect([seed, problems, problems.length > 0 ? story : []]).toEqual([seed, [], []]);
    stories.push(...story);
  }
  for (const moment of ['takeOver', 'sleeps 5', 'struck, and repeated', 'struck, and noticed'])
    expect(stories.filter((line) => line.includes(moment)).length).toBeGreaterThan(10);
});

const spoiled = async (spoil: (base: World) => void): Promise<boolean> => {
  for (const seed of SEEDS) if ((await announcementRace(seed, spoil)).problems.length > 0) return true;
  return false;
};

test('a lock that everybody gets would be noticed', async () => {
  const ours = async (): Promise<LockStanding> => ({ kind: 'ours' });
  const spoil = ({ hosting }: World): void => {
    hosting.commentLock = () => ({ acquire: ours, takeOver: ours, release: async () => undefined });
  };
  expect(await spoiled(spoil)).toBe(true);
});

test('so would a run that is taken for dead while it lives', async () => {
  const spoil = ({ hosting }: World): void => {
    hosting.runState = async () => 'over';
  };
  expect(await spoiled(spoil)).toBe(true);
});

test('and a lock that stays when its run has ended', async () => {
  const spoil = ({ hosting }: World): void => {
    const lockFor = hosting.commentLock.bind(hosting);
    hosting.commentLock = (request) => ({ ...lockFor(request), release: async () => undefined });
  };
  expect(await spoiled(spoil)).toBe(true);
});
