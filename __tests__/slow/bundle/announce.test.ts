import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openAnnounceShop } from '../../bundle/announce-shop.ts';
import type { AnnounceShop, Shipped } from '../../bundle/announce-shop.ts';
import type { FaultMatch, StartedRun } from '../../../rehearsal/hub/index.ts';

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
    graphql: 9,
    'repos/list-release-assets': 1,
    'repos/get-release-asset': 1,
    'git/create-tag': 1,
    'git/create-ref': 1,
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

  /** A job that dies in that very moment. */
  const die = async (run: StartedRun, match: FaultMatch, phase: 'before' | 'after'): Promise<void> => {
    const kill = new AbortController();
    const strike = shop.hub.fault({ match, phase, kind: 'hang' });
    const job = shop.announce(run, { step: { kill: kill.signal } });
    await strike.reached;
    kill.abort();
    expect((await job).exitCode).not.toBe(0);
    strike.cancel();
  };

  test.each(strikes)('killed at %s, number %i, %s it is done, and run again', async (operation, nth, phase) => {
    const from = shop.hub.log.length;
    const run = await shop.beside(one.run);
    await die(run, { operation, nth }, phase);
    expect((await shop.announce(shop.again(run))).exitCode).toBe(0);
    await settled();
    expect(doubled(from)).toEqual([]);
  });

  /** What all of them asked together. */
  const atOnce = async (jobs: number): Promise<readonly string[]> => {
    const before = shop.hub.log.length;
    const runs = await Promise.all(Array.from({ length: jobs }, () => shop.beside(one.run)));
    const ended = await Promise.all(runs.map((run) => shop.announce(run)));
    expect(ended.map(({ exitCode, outputs }) => [exitCode, outputs['reason-code']])).toEqual(
      ended.map(() => [0, 'announced'])
    );
    await settled();
    return shop.hub.log.slice(before).map(({ operation }) => operation);
  };

  /** Conversations in which a comment was made twice, or a double deleted: at some moment there were two. */
  const doubled = (from: number): readonly string[] => {
    const entries = shop.hub.log.slice(from).filter(({ status }) => status >= 200 && status < 300);
    const made = entries.filter(({ operation }) => operation === 'issues/create-comment').map(({ path }) => path);
    const taken = entries.filter(({ operation, actor }) => operation === 'issues/delete-comment' && actor !== 'bia');
    return [...made.filter((path, index) => made.indexOf(path) !== index), ...taken.map(({ path }) => path)];
  };

  test.each([2, 3])('%i at once, each sure that there is no comment yet: one makes it', async (requests) => {
    shop.hub.hold({ match: { operation: 'git/create-ref' }, requests });
    const from = shop.hub.log.length;
    const calls = await atOnce(requests);
    expect(calls.filter((call) => call === 'issues/create-comment')).toHaveLength(2);
    expect(doubled(from)).toEqual([]);
  });

  test('two at once after one that died between reaction and comment: at no moment are there two', async () => {
    const from = shop.hub.log.length;
    const run = await shop.beside(one.run);
    await die(run, { operation: 'issues/create-comment' }, 'before');
    shop.hub.finishRun(run, 'failure');
    // whoever is about to make the comment waits until the other one is, too
    shop.hub.hold({ match: { operation: 'issues/create-comment' }, requests: 2, seconds: 3 });
    await atOnce(2);
    expect(doubled(from)).toEqual([]);
  });

  test('two at once beside one that stands still for 20 s, sure that it is the first: at no moment are there two', async () => {
    const from = shop.hub.log.length;
    const stuck = shop.announceStuck(await shop.beside(one.run), 20);
    await stuck.reached;
    await atOnce(2);
    expect((await stuck.job).exitCode).toBe(0);
    await settled();
    expect(doubled(from)).toEqual([]);
  }, 150_000);

  test('a cancelled job gives the lock back, and the next one need not wait', async () => {
    const cancel = new AbortController();
    const strike = shop.hub.fault({ match: { operation: 'issues/create-comment' }, phase: 'before', kind: 'hang' });
    const job = shop.announce(await shop.beside(one.run), { step: { signal: cancel.signal } });
    await strike.reached;
    const began = performance.now();
    cancel.abort();
    expect((await job).outputs['reason-code']).toBe('cancelled');
    expect(performance.now() - began).toBeLessThan(7000);
    strike.cancel();
    const next = await shop.announce(await shop.beside(one.run));
    expect(next.outputs['reason-code']).toBe('announced');
    expect(next.calls).not.toContain('actions/get-workflow-run');
    await settled();
  });

  test.each([1, 2, 3])('lists that lag by %i writes', async (writes) => {
    const lag = shop.hub.fault({ match: { graphql: true, nth: 2 }, kind: 'stale', writes, times: 4 });
    expect((await shop.announce(one.run)).exitCode).toBe(0);
    lag.cancel();
    await settled();
  });

  test('lists that lag after a run that was killed', async () => {
    const run = await shop.beside(one.run);
    await die(run, { operation: 'issues/create-comment' }, 'after');
    const lag = shop.hub.fault({ match: { graphql: true, nth: 2 }, kind: 'stale', writes: 1, times: 1 });
    expect((await shop.announce(shop.again(run))).exitCode).toBe(0);
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
