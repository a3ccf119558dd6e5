import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub } from '../../../../rehearsal/hub/index.ts';
import type { FaultMatch, Hub, Permissions } from '../../../../rehearsal/hub/index.ts';
import type { LockStanding } from '../../../../src/domain/comment-lock.ts';
import type { CommentLock } from '../../../../src/ports/announcing.ts';
import type { HostingOptions } from '../../../../src/adapters/hosting-github/hosting.ts';
import { refusalOf } from '../../../adapters/hosting-github/scene.ts';
import { BLOWS, struck } from './blows.ts';
import type { Blow } from './blows.ts';
import { hostingAt } from './hub-scene.ts';

const ANNOUNCER: Permissions = { contents: 'write', 'pull-requests': 'write', issues: 'write' };
const NAME = 'refs/esteira/announcing';

let hub: Hub;
let commit = '';
let runs = 0;

beforeAll(async () => {
  hub = await startHub({ visibility: 'private', hourlyLimit: 10_000_000 });
  commit = await hub.commit({ message: 'feat: everything', files: { 'a.txt': 'a' } });
});

afterAll(async () => {
  await hub.stop();
  if (hub.problems.length > 0) throw new Error(hub.problems.join('\n'));
});

afterEach(async () => {
  if ((await markNow()) !== undefined) await byHand('DELETE', '/git/refs/esteira/announcing');
});

const byHand = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.personToken('ana')}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  });

const shaIn = (body: unknown): string | undefined => {
  const sha: unknown = Reflect.get(Object(Reflect.get(Object(body), 'object') ?? body), 'sha');
  return typeof sha === 'string' ? sha : undefined;
};

const markNow = async (): Promise<string | undefined> =>
  shaIn(await (await byHand('GET', '/git/ref/esteira/announcing')).json());

interface Process {
  readonly lock: CommentLock;
  readonly run: { readonly id: number; readonly attempt: number };
}

/** A process of a run of its own. */
const announcer = (permissions: Permissions = ANNOUNCER, options: Partial<HostingOptions> = {}): Process => {
  runs += 1;
  const run = { id: runs, attempt: 2 };
  return { run, lock: hostingAt(hub, permissions, options).commentLock({ run, commit }) };
};

const ours = { kind: 'ours' } as const;

/** The holder somebody sees; fails where there is none. */
const holderIn = (standing: LockStanding) => {
  if (standing.kind === 'ours' || standing.holder === undefined) throw new Error(`nobody has it: ${standing.kind}`);
  return standing.holder;
};

/** Another process that has the lock, and the holding as somebody else sees it. */
const taken = async () => {
  const other = announcer();
  expect(await other.lock.acquire()).toEqual(ours);
  return { other, holder: holderIn(await announcer().lock.acquire()) };
};

describe('the lock', () => {
  test('is had by the first, who is told to the others, until it is given back', async () => {
    const [one, two] = [announcer(), announcer()];
    expect(await one.lock.acquire()).toEqual(ours);
    expect(await one.lock.acquire()).toEqual(ours);
    expect(await two.lock.acquire()).toEqual({ kind: 'held', holder: { mark: await markNow(), run: one.run } });
    await one.lock.release();
    expect(await markNow()).toBeUndefined();
    expect(await two.lock.acquire()).toEqual(ours);
    await two.lock.release();
  });

  test('takes two calls to have and one to give back, with what reading conversations told', async () => {
    const hosting = hostingAt(hub, ANNOUNCER);
    await hosting.conversations({ kind: 'pull', numbers: [1], marker: 'x' });
    const from = hub.log.length;
    const lock = hosting.commentLock({ run: { id: 1, attempt: 1 }, commit });
    await lock.acquire();
    await lock.release();
    expect(hub.log.slice(from).map(({ operation }) => operation)).toEqual([
      'git/create-tag',
      'git/create-ref',
      'graphql'
    ]);
  });

  test('of four at once one has it', async () => {
    hub.hold({ match: { operation: 'git/create-ref' }, requests: 4 });
    const standings = await Promise.all([1, 2, 3, 4].map(() => announcer().lock.acquire()));
    expect(standings.filter(({ kind }) => kind === 'ours')).toHaveLength(1);
  });

  test('of four who take it over from a dead one at once one has it', async () => {
    const { holder } = await taken();
    hub.hold({ match: { graphql: true, nth: 5 }, requests: 4 });
    const standings = await Promise.all([1, 2, 3, 4].map(() => announcer().lock.takeOver(holder)));
    expect(standings.filter(({ kind }) => kind === 'ours')).toHaveLength(1);
    expect(await markNow()).not.toBe(holder.mark);
  });

  test('two processes of the same attempt are two', async () => {
    const hosting = hostingAt(hub, ANNOUNCER);
    const run = { id: 77, attempt: 1 };
    const [one, two] = [hosting.commentLock({ run, commit }), hosting.commentLock({ run, commit })];
    expect(await one.acquire()).toEqual(ours);
    expect(await two.acquire()).toMatchObject({ kind: 'held', holder: { run } });
    await two.release();
    expect(await markNow()).toBeDefined();
  });

  test('who saw an older holding takes no newer one, nor one that was given back', async () => {
    const { other, holder } = await taken();
    await other.lock.release();
    expect(await announcer().lock.takeOver(holder)).toEqual({ kind: 'held' });
    expect(await markNow()).toBeUndefined();
    const newer = announcer();
    expect(await newer.lock.acquire()).toEqual(ours);
    expect(await announcer().lock.takeOver(holder)).toMatchObject({ kind: 'held', holder: { run: newer.run } });
    await other.lock.release();
    expect(await newer.lock.acquire()).toEqual(ours);
  });

  test('who was replaced gives back nothing of its successor', async () => {
    const { other, holder } = await taken();
    const next = announcer();
    expect(await next.lock.takeOver(holder)).toEqual(ours);
    await other.lock.release();
    expect(await next.lock.acquire()).toEqual(ours);
  });

  test('whoever never asked gives nothing back, and asks nothing', async () => {
    const from = hub.log.length;
    await announcer().lock.release();
    expect(hub.log.length).toBe(from);
  });

  test('a reference that no announcement made names nobody', async () => {
    await byHand('POST', '/git/refs', { ref: NAME, sha: commit });
    expect(await announcer().lock.acquire()).toEqual({ kind: 'held', holder: { mark: commit } });
    await byHand('DELETE', '/git/refs/esteira/announcing');
    for (const message of [
      '',
      'run 0 attempt 1 process a',
      'run 12 attempt 1',
      `run ${'9'.repeat(40)} attempt 1 process a`
    ]) {
      const tag = { tag: 'x', message, object: commit, type: 'commit' };
      const sha = shaIn(await (await byHand('POST', '/git/tags', tag)).json());
      await byHand('POST', '/git/refs', { ref: NAME, sha });
    }
    expect(await announcer().lock.acquire()).toEqual({ kind: 'held', holder: { mark: await markNow() } });
  });

  test('a job that may not write is told so, and so is one that may not take over', async () => {
    const { holder } = await taken();
    const reader = announcer({ contents: 'read' });
    const why = { code: 'permission-missing', details: { permission: 'contents: write' } };
    expect(await refusalOf(reader.lock.acquire())).toMatchObject(why);
    expect(await refusalOf(reader.lock.takeOver(holder))).toMatchObject(why);
    await reader.lock.release();
    expect(await markNow()).toBe(holder.mark);
  });
});

const met = <T>(match: FaultMatch, blow: Blow, work: () => Promise<T>): Promise<T> =>
  struck(hub, { match, blow }, work);

describe.each(BLOWS)('%s', (_, rule) => {
  test.each(['git/create-tag', 'git/create-ref'])('whoever has it knows, and nobody else (%s)', async (operation) => {
    const one = announcer();
    expect(await met({ operation }, rule, () => one.lock.acquire())).toEqual(ours);
    expect(await announcer().lock.acquire()).toMatchObject({ kind: 'held', holder: { run: one.run } });
    await one.lock.release();
    expect(await markNow()).toBeUndefined();
  });

  test('while somebody else has it', async () => {
    const { other } = await taken();
    const late = announcer();
    expect(await met({ operation: 'git/create-ref' }, rule, () => late.lock.acquire())).toMatchObject({
      kind: 'held',
      holder: { run: other.run }
    });
    await late.lock.release();
    expect(await announcer().lock.acquire()).toMatchObject({ kind: 'held', holder: { run: other.run } });
  });

  // the first question of GraphQL is who the repository is
  test.each([1, 2])('it is taken over once (question %i)', async (nth) => {
    const { holder } = await taken();
    const next = announcer();
    expect(await met({ graphql: true, nth }, rule, () => next.lock.takeOver(holder))).toEqual(ours);
    expect(await next.lock.acquire()).toEqual(ours);
  });

  test.each([1, 2])('it is given back (question %i)', async (nth) => {
    const one = announcer();
    await one.lock.acquire();
    await met({ graphql: true, nth }, rule, () => one.lock.release());
    expect(await markNow()).toBeUndefined();
  });
});

test('reads that see the past take it from nobody', async () => {
  const { other, holder } = await taken();
  const next = announcer();
  expect(await next.lock.takeOver(holder)).toEqual(ours);
  const lag = hub.fault({ match: { method: 'GET' }, kind: 'stale', writes: 1, times: 9 });
  const late = announcer();
  const seen = await late.lock.acquire();
  expect(seen).toMatchObject({ kind: 'held', holder: { run: other.run } });
  expect(await late.lock.takeOver(holderIn(seen))).toMatchObject({ kind: 'held' });
  lag.cancel();
  expect(await next.lock.acquire()).toEqual(ours);
});

test('a cancelled run still gives it back', async () => {
  const cancel = new AbortController();
  const one = announcer(ANNOUNCER, { signal: cancel.signal });
  expect(await one.lock.acquire()).toEqual(ours);
  cancel.abort();
  await one.lock.release();
  expect(await markNow()).toBeUndefined();
});
