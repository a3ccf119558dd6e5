import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub } from '../../../../rehearsal/hub/index.ts';
import type { Hub, Permissions } from '../../../../rehearsal/hub/index.ts';
import type { Hosting } from '../../../../src/ports.ts';
import type { NewComment } from '../../../../src/ports/announcing.ts';
import { createClock } from '../../../../src/adapters/clock.ts';
import { stillClock } from '../../../adapters/hosting-github/still-clock.ts';
import { refusalOf } from '../../../adapters/hosting-github/scene.ts';
import { BLOWS, struck } from './blows.ts';
import type { Blow } from './blows.ts';
import { hostingAt } from './hub-scene.ts';

const TELLER: Permissions = { contents: 'write', deployments: 'read', 'pull-requests': 'write', issues: 'write' };
const MARKER = '<!-- esteira:announcement x -->';

let hub: Hub;
let commit = '';
let release = 0;
let records = 0;

beforeAll(async () => {
  hub = await startHub({ visibility: 'private', hourlyLimit: 10_000_000, immutableReleases: true });
  commit = await hub.commit({ message: 'feat: everything', files: { 'a.txt': 'a' } });
  const writer = hostingAt(hub);
  release = (await writer.createDraft({ tag: 'v1.0.0', commit, name: 'v1.0.0', body: '' })).id;
  await writer.publish(release);
});

afterAll(async () => {
  await hub.stop();
  if (hub.problems.length > 0) throw new Error(hub.problems.join('\n'));
});

const teller = (permissions: Permissions = TELLER): Hosting => hostingAt(hub, permissions);

const pull = (over: { labels?: readonly string[]; closes?: readonly number[] } = {}): number =>
  hub.openPull({ title: 'faster', mergeCommit: commit, ...over });

const comment = (number: number, body = `${MARKER}\nhello`): NewComment => ({
  kind: 'pull',
  number,
  marker: MARKER,
  body
});

const bodies = async (number: number): Promise<readonly string[]> =>
  (await hub.snapshot()).comments.filter(({ issue }) => issue === number).map(({ body }) => body);

const found = async (hosting: Hosting, number: number) =>
  (await hosting.conversations({ kind: 'pull', numbers: [number], marker: MARKER })).at(0);

const met = <T>(operation: string, blow: Blow, work: () => Promise<T>): Promise<T> =>
  struck(hub, { match: { operation }, blow }, work);

const claimFor = (channel = 'slack') => {
  records += 1;
  return { environment: 'production', channel, record: records, commit };
};

describe.each(BLOWS)('%s', (_, rule) => {
  test('a comment is made once', async () => {
    const number = pull();
    const id = await met('issues/create-comment', rule, () => teller().createComment(comment(number)));
    expect(await bodies(number)).toHaveLength(1);
    expect((await found(teller(), number))?.ours).toEqual([{ id, body: `${MARKER}\nhello` }]);
  });

  test('also where that happens to the reaction before it', async () => {
    const number = pull();
    await met('reactions/create-for-issue', rule, () => teller().createComment(comment(number)));
    expect(await bodies(number)).toHaveLength(1);
  });

  test('a comment is edited, and deleted', async () => {
    const number = pull();
    const id = await teller().createComment(comment(number));
    const edit = { kind: 'pull', id, body: 'new' } as const;
    expect(await met('issues/update-comment', rule, () => teller().editComment(edit))).toBe('edited');
    expect(await bodies(number)).toEqual(['new']);
    await met('issues/delete-comment', rule, () => teller().deleteComment({ kind: 'pull', id }));
    expect(await bodies(number)).toEqual([]);
  });

  test('a conversation is read', async () => {
    const number = pull();
    await teller().createComment(comment(number));
    const conversation = await met('graphql', rule, () => found(teller(), number));
    expect(conversation?.ours).toHaveLength(1);
  });

  test.each(['git/create-tag', 'git/create-ref'])('a claim is had once, by whoever made it (%s)', async (operation) => {
    const claim = claimFor();
    expect(await met(operation, rule, () => teller().claim(claim))).toBe('claimed');
    expect(await teller().claim(claim)).toBe('taken');
  });

  test('a release becomes latest', async () => {
    await met('repos/update-release', rule, () => teller().makeFull(release, true));
    const { releases, latestRelease } = await hub.snapshot();
    expect(releases.find(({ id }) => id === release)).toMatchObject({ prerelease: false, immutable: true });
    expect(latestRelease).toBe(release);
  });
});

describe('conversations', () => {
  test('120 of them, in three calls', async () => {
    const numbers = Array.from({ length: 120 }, () => pull());
    const before = hub.countCalls().api;
    const all = await teller().conversations({ kind: 'pull', numbers, marker: MARKER });
    expect(all.map(({ number }) => number)).toEqual(numbers);
    expect(hub.countCalls().api - before).toBe(3);
  });

  test('what they are, what they close here, and what nobody has', async () => {
    const client = teller();
    const open = hub.openPull({ title: 'draft' });
    const number = pull({ labels: ['quiet'], closes: [open] });
    const all = await client.conversations({ kind: 'pull', numbers: [number, 99_999, 2 ** 40, open], marker: MARKER });
    expect(all).toEqual([
      { number, kind: 'pull', merged: true, labels: ['quiet'], closes: [open], ours: [] },
      { number: open, kind: 'pull', merged: false, labels: [], closes: [], ours: [] }
    ]);
  });

  test('ours is found behind a hundred newer comments, and what others wrote is not ours', async () => {
    const number = pull();
    const say = (body: string): Promise<Response> =>
      rest(
        `/issues/${number}/comments`,
        { method: 'POST', body: JSON.stringify({ body }) },
        hub.personToken('mallory')
      );
    await say(`${MARKER}\nhello`);
    const id = await teller().createComment(comment(number));
    for (let n = 0; n < 120; n += 1) await say(`opinion ${n}`);
    const before = hub.countCalls().api;
    expect((await found(teller(), number))?.ours).toEqual([{ id, body: `${MARKER}\nhello` }]);
    expect(hub.countCalls().api - before).toBe(3);
  });

  const posted = (from: number): number =>
    hub.log.slice(from).filter(({ operation }) => operation === 'issues/create-comment').length;

  test('of two at once one makes the comment, and both know its number', async () => {
    const number = pull();
    const [clock, from] = [createClock(new AbortController().signal), hub.log.length];
    hub.hold({ match: { operation: 'reactions/create-for-issue' }, requests: 2 });
    const made = await Promise.all(
      [1, 2].map(() => hostingAt(hub, TELLER, { clock, pace: { settle: 0.2 } }).createComment(comment(number)))
    );
    expect(new Set(made).size).toBe(1);
    expect(posted(from)).toBe(1);
  });

  test('whoever reacted first and died: the next one waits for the comment, and makes it', async () => {
    const number = pull();
    await rest(`/issues/${number}/reactions`, { method: 'POST', body: JSON.stringify({ content: 'rocket' }) });
    const clock = stillClock();
    await hostingAt(hub, TELLER, { clock }).createComment(comment(number));
    expect(clock.slept).toEqual([2, 4, 6]);
    expect(await bodies(number)).toHaveLength(1);
  });

  test('a comment that is gone is gone', async () => {
    const number = pull();
    const id = await teller().createComment(comment(number));
    await teller().deleteComment({ kind: 'pull', id });
    await teller().deleteComment({ kind: 'pull', id });
    expect(await teller().editComment({ kind: 'pull', id, body: 'x' })).toBe('gone');
  });

  test.each([
    [{ issues: 'write' }, 'pull-requests: write'],
    [{ 'pull-requests': 'read', issues: 'write' }, 'pull-requests: write']
  ] as const)('a job with %j is told what it lacks', async (permissions, permission) => {
    const number = pull();
    expect(await refusalOf(teller(permissions).createComment(comment(number)))).toMatchObject({
      code: 'permission-missing',
      details: { permission }
    });
  });

  test('so is one that may not read', async () => {
    const number = pull();
    expect(await refusalOf(found(teller({ issues: 'write' }), number))).toMatchObject({
      code: 'permission-missing',
      details: { permission: 'pull-requests: read' }
    });
  });
});

describe('claims', () => {
  test('of three at once one has it', async () => {
    const claim = claimFor();
    hub.hold({ match: { operation: 'git/create-ref' }, requests: 3 });
    const results = await Promise.all([1, 2, 3].map(() => otherProcess(claim)));
    expect(results.toSorted((a, b) => a - b)).toEqual([201, 422, 422]);
  });

  test('of this and another process the first one has it', async () => {
    const claim = claimFor();
    expect(await otherProcess(claim)).toBe(201);
    expect(await teller().claim(claim)).toBe('taken');
    await teller().unclaim(claim);
    expect(await teller().claim(claim)).toBe('taken');
  });

  test('one that was given back is free again; older ones of the same place are forgotten, others not', async () => {
    const [older, other, newer] = [claimFor(), claimFor('teams'), claimFor()];
    for (const claim of [older, other, newer]) expect(await teller().claim(claim)).toBe('claimed');
    const refs = await announcedRefs();
    expect(refs.filter((ref) => ref.endsWith(`/${older.record}`))).toEqual([]);
    expect(refs.filter((ref) => ref.endsWith(`/${other.record}`))).toHaveLength(1);
    await teller().unclaim(newer);
    expect((await announcedRefs()).filter((ref) => ref.endsWith(`/${newer.record}`))).toEqual([]);
  });

  test('is had also where the older ones cannot be forgotten; the next one forgets them', async () => {
    const [older, ours, newer] = [claimFor(), claimFor(), claimFor()];
    expect(await teller().claim(older)).toBe('claimed');
    const outage = hub.fault({
      match: { operation: 'git/list-matching-refs' },
      kind: 'reset',
      times: Number.POSITIVE_INFINITY
    });
    expect(await teller().claim(ours)).toBe('claimed');
    outage.cancel();
    expect(await teller().claim(newer)).toBe('claimed');
    const left = (await announcedRefs()).map((ref) => Number(ref.split('/').at(-1)));
    expect(left.filter((record) => record >= older.record && record <= newer.record)).toEqual([newer.record]);
  });

  test('of an environment of any name', async () => {
    const claim = { ...claimFor(), environment: '../../heads/main ~^:?*[\\' };
    expect(await teller().claim(claim)).toBe('claimed');
    expect(await announcedRefs()).toContainEqual(
      expect.stringMatching(/^refs\/esteira\/announced\/[0-9a-f]{16}\/\d+$/)
    );
  });
});

const rest = (path: string, init: RequestInit = {}, token = hub.token({ permissions: TELLER })): Promise<Response> =>
  fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}` }
  });

const announcedRefs = async (): Promise<readonly string[]> => {
  const refs: unknown = await (await rest('/git/matching-refs/esteira/')).json();
  return Array.isArray(refs) ? refs.map((each) => String(Reflect.get(Object(each), 'ref'))) : [];
};

/** What a run elsewhere does: the same name, another object. */
const otherProcess = async (claim: ReturnType<typeof claimFor>): Promise<number> => {
  const known = { ...claim, record: claim.record };
  await teller().claim({ ...known, record: 900_000 + claim.record });
  const template = (await announcedRefs()).find((ref) => ref.endsWith(`/${900_000 + claim.record}`)) ?? '';
  const ref = template.replace(/\d+$/, String(claim.record));
  return (await rest('/git/refs', { method: 'POST', body: JSON.stringify({ ref, sha: commit }) })).status;
};
