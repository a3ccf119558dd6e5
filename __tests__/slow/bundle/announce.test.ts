import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openAnnounceShop } from '../../bundle/announce-shop.ts';
import type { AnnounceShop, Shipped } from '../../bundle/announce-shop.ts';

let shop: AnnounceShop;
beforeAll(async () => {
  shop = await openAnnounceShop();
});
afterAll(() => shop.close());

describe('one comment, and the right release', () => {
  let one: Shipped;
  beforeAll(async () => {
    await shop.announce((await shop.ship()).run);
    one = await shop.ship();
  });
  beforeEach(() => shop.forget());

  const settled = async (): Promise<void> => {
    expect(await shop.counts(one)).toEqual([1, 1]);
    for (const number of [one.pull, one.issue])
      expect(await shop.bodies(number)).toEqual([expect.stringContaining(`**${one.version}**`)]);
    expect(await shop.latest()).toBe(`v${one.version}`);
  };

  const CALLS = {
    graphql: 6,
    'repos/list-release-assets': 1,
    'repos/get-release-asset': 1,
    'reactions/create-for-issue': 2,
    'issues/create-comment': 2,
    'repos/update-release': 1
  };
  const strikes = Object.entries(CALLS).flatMap(([operation, calls]) =>
    Array.from({ length: calls }, (_, n) => n + 1).flatMap((nth) => [
      [operation, nth, 'before'] as const,
      [operation, nth, 'after'] as const
    ])
  );

  test.each(strikes)('killed at %s, number %i, %s it is done, and run again', async (operation, nth, phase) => {
    const kill = new AbortController();
    const strike = shop.hub.fault({ match: { operation, nth }, phase, kind: 'hang' });
    const job = shop.announce(one.run, { step: { kill: kill.signal } });
    await strike.reached;
    kill.abort();
    expect((await job).exitCode).not.toBe(0);
    strike.cancel();
    expect((await shop.announce(one.run)).exitCode).toBe(0);
    await settled();
  });

  /** What all of them asked together. */
  const atOnce = async (jobs: number): Promise<readonly string[]> => {
    const before = shop.hub.log.length;
    const ended = await Promise.all(Array.from({ length: jobs }, () => shop.announce(one.run)));
    expect(ended.map(({ exitCode }) => exitCode)).toEqual(ended.map(() => 0));
    await settled();
    return shop.hub.log.slice(before).map(({ operation }) => operation);
  };

  test.each([2, 3])('%i at once, each sure that there is no comment yet: one makes it', async (requests) => {
    shop.hub.hold({ match: { operation: 'reactions/create-for-issue' }, requests });
    const calls = await atOnce(requests);
    expect(calls.filter((call) => call === 'issues/create-comment')).toHaveLength(2);
    expect(calls).not.toContain('issues/delete-comment');
  });

  test('two at once after one that died in that very moment: the second comment goes', async () => {
    const kill = new AbortController();
    const strike = shop.hub.fault({ match: { operation: 'issues/create-comment' }, phase: 'before', kind: 'hang' });
    const dead = shop.announce(one.run, { step: { kill: kill.signal } });
    await strike.reached;
    kill.abort();
    await dead;
    strike.cancel();
    shop.hub.hold({ match: { operation: 'issues/create-comment' }, requests: 2 });
    expect(await atOnce(2)).toContain('issues/delete-comment');
  });

  test.each([1, 2, 3])('lists that lag by %i writes', async (writes) => {
    const lag = shop.hub.fault({ match: { graphql: true, nth: 2 }, kind: 'stale', writes, times: 4 });
    expect((await shop.announce(one.run)).exitCode).toBe(0);
    lag.cancel();
    await settled();
  });

  test('lists that lag after a run that was killed', async () => {
    const kill = new AbortController();
    const written = shop.hub.fault({ match: { operation: 'issues/create-comment' }, phase: 'after', kind: 'hang' });
    const job = shop.announce(one.run, { step: { kill: kill.signal } });
    await written.reached;
    kill.abort();
    await job;
    const lag = shop.hub.fault({ match: { graphql: true, nth: 2 }, kind: 'stale', writes: 1, times: 1 });
    expect((await shop.announce(one.run)).exitCode).toBe(0);
    lag.cancel();
    await settled();
  });

  test.each([502, 'reset', 'truncate'] as const)('a first comment whose answer is lost: %s', async (kind) => {
    const lost = shop.hub.fault({ match: { operation: 'issues/create-comment' }, phase: 'after', kind });
    const told = await shop.announce(one.run);
    expect([lost.fired, told.exitCode]).toEqual([1, 0]);
    expect(told.calls.filter((call) => call === 'issues/create-comment')).toHaveLength(2);
    await settled();
  });
});
